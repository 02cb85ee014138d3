// What the parts of the form share: the question with what is being typed, and the ways to ask for something else.
import { formatNumber, page, serviceOf, text } from "../../../core/text.js";
import { same } from "../../content.js";
import { draftOf, faultOf, fieldsFor, missingFrom, modelOf, neededBy } from "./question.js";

/** @import { Question } from "../../content.js" */
/** @import { PlanStore, State } from "../../state.js" */
/** @import { Draft, Model } from "./question.js" */

const NUMBERS_OF_SITES = ["p", "upper_p"];

/**
 * `shown`: the question with what was filled in for a model that is still being chosen.
 * @typedef {{ state: State, store: PlanStore, shown: Question, draft: Draft | null, model: Model, usual: *, missing: string[] }} Asking
 */

/**
 * @param {State} state
 * @param {PlanStore} store
 * @returns {Asking}
 */
export function askingOf(state, store) {
  const { content: { question }, form } = state;
  const draft = draftOf(question, form);
  const model = modelOf(question, draft);
  const shown = draft ? { ...question, ...draft.fields } : question;
  return { state, store, shown, draft, model, usual: serviceOf(question.service), missing: missingFrom(model, shown) };
}

/**
 * @param {PlanStore} store
 * @param {Record<string, *>} fields
 */
export function showForm(store, fields) {
  store.dispatch({ type: "show", form: { ...store.state.form, ...fields } });
}

/**
 * Asks for other fields; what has no use without them goes out, as the price of an extension without a capacity. Those of
 * a model that still lacks something wait until it has all that it needs.
 * @param {PlanStore} store
 * @param {Record<string, *>} fields
 */
export function ask(store, fields) {
  const { draft, model, shown } = askingOf(store.state, store);
  if (!draft) return store.dispatch({ type: "fields", fields: { ...fieldsFor({ ...shown, ...fields }, model), ...fields } });
  return propose(store, { ...draft, fields: { ...draft.fields, ...fields } }, model, { ...shown, ...fields });
}

/**
 * @param {PlanStore} store
 * @param {string} name
 */
export function chooseModel(store, name) {
  const { question } = store.state.content;
  const model = modelOf(question, { name, service: question.service, instead: null, fields: {} });
  const draft = { name, service: question.service, instead: question.model ?? null, fields: fieldsFor(question, model) };
  const taken = Object.entries(draft.fields).filter(([field, value]) => field !== "model" && value === null).map(([field]) => field);
  showForm(store, { model: null, taken: { of: draft.fields.model, fields: taken } });
  propose(store, draft, model, { ...question, ...draft.fields });
}

/**
 * @param {PlanStore} store
 * @param {Draft} draft
 * @param {Model} model
 * @param {Question} question as it would be
 */
function propose(store, draft, model, question) {
  if (missingFrom(model, question).length) return showForm(store, { model: draft });
  showForm(store, { model: null });
  return store.dispatch({ type: "fields", fields: { ...fieldsFor(question, model), ...draft.fields } });
}

/**
 * Asks for what was typed, or tells at its field what is wrong with it.
 * @param {PlanStore} store
 * @param {string} name
 * @param {HTMLInputElement} input
 */
export function askFigure(store, name, input) {
  const { shown, draft, model, usual } = askingOf(store.state, store);
  const needed = !draft && neededBy(model, usual.name).includes(name) && (usual.defaults[name] ?? null) === null && name !== "upper_p";
  const words = faultOf(page.fields[name], typedIn(input), needed) ?? beyondCandidates(store.state, name, Number(input.value));
  tellUnread(store, name, words, shown[name]);
  if (words === null) ask(store, { [name]: input.value === "" ? null : Number(input.value) });
}

/**
 * More sites than there are candidates can never be opened.
 * @param {State} state
 * @param {string} name
 * @param {number} figure
 */
function beyondCandidates({ ground }, name, figure) {
  if (!NUMBERS_OF_SITES.includes(name) || !ground || figure <= ground.candidates.length) return null;
  return text("plan.ask.beyond-candidates", { count: formatNumber(ground.candidates.length) });
}

/** @param {HTMLInputElement} input */
export function typedIn(input) {
  return { value: input.value, badInput: input.validity.badInput };
}

/**
 * @param {PlanStore} store
 * @param {string} name of the field
 * @param {string | null} words what is wrong with what stands there, null: nothing
 * @param {*} of what is asked for as long as nothing else can be read there
 */
export function tellUnread(store, name, words, of) {
  const { [name]: before, ...others } = store.state.form.unread ?? {};
  if (words !== null) showForm(store, { unread: { ...others, [name]: { of: of ?? null, words } } });
  else if (before) showForm(store, { unread: others });
}

/**
 * What stands in fields and cannot be read; what undo has changed meanwhile stands there no longer.
 * @param {Asking} asking
 * @returns {Record<string, string>} field → what is wrong
 */
export function unreadIn({ state, shown }) {
  /** @type {[string, { of: *, words: string }][]} */
  const told = Object.entries(state.form.unread ?? {});
  return Object.fromEntries(told.filter(([name, { of }]) => same(of, saidOf(shown, name))).map(([name, { words }]) => [name, words]));
}

/**
 * @param {Question} question
 * @param {string} name a field, or `townships.` and a township
 */
function saidOf(question, name) {
  const township = name.match(/^townships\.(.*)$/)?.[1];
  if (township === undefined) return question[name] ?? null;
  return question.townships?.find((/** @type {*} */ one) => one.township === township) ?? null;
}
