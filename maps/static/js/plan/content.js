// What a scenario says: a question and edits, in the form in which the server keeps them. Every change makes a new one.

/** @typedef {Record<string, *> & { op: string, target?: string }} Edit as planning/scenario/edits.py defines them */
/** @typedef {Record<string, *> & { service: string, sites?: string[] }} Question flat, as POST /api/plans takes it */
/** @typedef {{ readonly question: Question, readonly edits: readonly Edit[] }} Content */

/** @typedef {"existing" | "closable" | "required" | "excluded"} Status */

/** Kinds of edits that leave travel times, people and loads as they are. */
const OF_CHOICE_ONLY = ["site-status"];
/** Kinds of edits that are about a candidate. */
const OF_A_SITE = ["site-status", "site-capacity"];
/** Kinds of edits that are about the roads: they hold for any service. */
const OF_ROADS = ["road-speed", "road-closed", "road-slowed", "road-built", "flooded"];
/** Fields of the question on which travel times, people and loads depend. */
const OF_TIMES = ["service", "mode", "base", "limit_minutes", "max_minutes", "capacity", "unlimited", "included", "model"];

/**
 * @param {Content} content
 * @param {Record<string, *>} fields null, "" and [] take a field out
 * @returns {Content}
 */
export function withFields(content, fields) {
  const question = { ...content.question };
  for (const [name, value] of Object.entries(fields)) {
    if (value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length)) delete question[name];
    else question[name] = value;
  }
  return same(question, content.question) ? content : { ...content, question };
}

/**
 * @param {Content} content
 * @param {Iterable<string>} sites ids of candidates; a site that was there keeps its place among them, others follow
 * @returns {Content}
 */
export function withSites(content, sites) {
  const wanted = new Set(sites);
  const stay = (content.question.sites ?? []).filter((site) => wanted.has(site));
  return withFields(content, { sites: [...new Set([...stay, ...wanted])] });
}

/**
 * One site stands elsewhere, in its place among the others.
 * @param {Content} content
 * @param {string} from
 * @param {string} to
 * @returns {Content}
 */
function withSiteInstead(content, from, to) {
  return withFields(content, { sites: (content.question.sites ?? []).map((site) => (site === from ? to : site)) });
}

/**
 * @param {Content} content
 * @param {string} from
 * @param {string} to
 */
export function withSiteMoved(content, from, to) {
  const sites = content.question.sites ?? [];
  return sites.includes(to) ? content : withSiteInstead(content, from, to);
}

/**
 * @param {Content} content
 * @param {string} id
 * @returns {Status | null}
 */
export function statusOf(content, id) {
  return content.edits.find(({ op, target }) => op === "site-status" && target === id)?.status ?? null;
}

/**
 * @param {Content} content
 * @param {Iterable<string>} ids
 * @param {Status | null} status null: nothing is said of them any more
 * @returns {Content}
 */
export function withStatus(content, ids, status) {
  const meant = new Set(ids);
  const others = content.edits.filter(({ op, target }) => op !== "site-status" || !meant.has(target ?? ""));
  const said = status ? [...meant].map((target) => ({ op: "site-status", target, status })) : [];
  return withEdits(content, [...others, ...said]);
}

/**
 * @param {Content} content
 * @param {Edit} edit one of the same kind about the same thing goes; one that is about nothing single takes its fields in
 * @returns {Content}
 */
export function withEdit(content, edit) {
  const isSame = (/** @type {Edit} */ one) => one.op === edit.op && one.target === edit.target;
  const earlier = edit.target === undefined ? content.edits.find(isSame) : null;
  return withEdits(content, [...content.edits.filter((one) => !isSame(one)), { ...earlier, ...edit }]);
}

/**
 * @param {Content} content
 * @param {Edit} edit
 * @returns {Content}
 */
export function withoutEdit(content, edit) {
  const gone = edit.op === "new-candidate" ? edit.target : null;  // a site cannot stand where nothing is proposed any more
  const left = withEdits(content, content.edits.filter((one) => one !== edit));
  return gone && left.question.sites?.includes(gone) ? withSites(left, left.question.sites.filter((site) => site !== gone)) : left;
}

/**
 * @param {Content} content
 * @param {Edit} edit
 * @param {Edit} instead in its place; where it renames a proposed place, whatever is said of that place goes with it
 * @returns {Content}
 */
export function withEditChanged(content, edit, instead) {
  const renamed = edit.op === "new-candidate" && edit.target !== instead.target ? edit.target : null;
  const edits = content.edits.map((one) => {
    if (one === edit) return instead;
    return renamed && OF_A_SITE.includes(one.op) && one.target === renamed ? { ...one, target: instead.target } : one;
  });
  const changed = withEdits(content, edits);
  const { sites = [] } = content.question;
  return renamed && sites.includes(renamed) ? withSiteInstead(changed, renamed, String(instead.target)) : changed;
}

/**
 * @param {Content} content
 * @param {readonly Edit[]} edits
 * @returns {Content}
 */
function withEdits(content, edits) {
  return same(edits, content.edits) ? content : { ...content, edits };
}

/**
 * What travel times, people and loads depend on: as long as it stays the same, so do they.
 * @param {Content} content
 * @returns {Content}
 */
export function groundOf({ question, edits }) {
  const asked = Object.fromEntries(OF_TIMES.filter((name) => name in question).map((name) => [name, question[name]]));
  return { question: { ...asked, service: question.service }, edits: edits.filter(({ op }) => !OF_CHOICE_ONLY.includes(op)) };
}

/**
 * What is changed about the roads, whichever service is asked about.
 * @param {Content} content
 */
export function roadEditsOf({ edits }) {
  return edits.filter(({ op }) => OF_ROADS.includes(op));
}

/**
 * The question without sites: the one that a model answers.
 * @param {Content} content
 * @returns {Content}
 */
export function openQuestion(content) {
  return withSites(content, []);
}

/**
 * As the server's plan routes take it.
 * @param {Content} content
 * @returns {Record<string, *>}
 */
export function bodyOf({ question, edits }) {
  return edits.length ? { ...question, edits } : { ...question };
}

/**
 * @param {unknown} one
 * @param {unknown} other
 */
export function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
