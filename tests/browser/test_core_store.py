"""The store of a page: every step can be undone and redone, and views hear of each; lit-html draws under our policy."""

import pytest
from core_page import core_page
from hypothesis import given, settings
from hypothesis import strategies as st

# A state of two parts: steps change `part`, which alone comes back; what is `shown` stays as it is.
RUN = """
async ({ acts, most }) => {
  const { createStore } = await import("/static/js/core/state.js");
  const reduce = (state, { kind, value }) => {
    if (kind === "start") return { part: [value], shown: state.shown };
    if (value === 0) return state;
    return kind === "show" ? { ...state, shown: value } : { part: [...state.part, value], shown: state.shown };
  };
  const store = createStore(reduce, { part: [], shown: 0 }, {
    partOf: ({ part }) => part, withPart: (state, part) => ({ ...state, part }),
    starts: ({ kind }) => kind === "start", most,
  });
  const heard = [];
  store.subscribe((state, before, how) => heard.push([before, state, how]));
  return acts.map(([act, value]) => {
    if (act === "undo") store.undo({ forget: value === 1 });
    else if (act === "redo") store.redo();
    else if (act === "before") store.prolong({ before: [[-value]] });
    else if (act === "after") store.prolong({ after: [[-value]] });
    else store.dispatch({ kind: act, value });
    const { state, depth, canUndo, canRedo } = store;
    return { state, depth, canUndo, canRedo, heard: heard.splice(0) };
  });
}
"""
KINDS = ["do", "do", "do", "show", "start", "before", "after"]
ACTS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 3))
    | st.tuples(st.sampled_from(["undo", "redo"]), st.integers(0, 1)),
    max_size=60,
)


def after_step(parts, at, act, value):
    """Return the parts, and the place among them, that a list of parts says that an act leads to."""
    if act == "do" and value:
        return [*parts[: at + 1], [*parts[at], value]], at + 1
    if act == "start":
        return [[value]], 0
    if act == "undo" and at > 0:
        return (parts[:at] if value else parts), at - 1
    if act == "redo" and at + 1 < len(parts):
        return parts, at + 1
    if act == "before":
        return [[-value], *parts], at + 1
    return ([*parts, [-value]] if act == "after" else parts), at


HOW = {"do": "done", "undo": "undone", "redo": "redone", "show": "shown", "start": "shown"}


def steps_of(acts, most):
    """What a list of parts and a place in it come to; of what is behind the place only so much is kept."""
    parts, at, shown = [[]], 0, 0
    for act, value in acts:
        before, was = {"part": parts[at], "shown": shown}, (len(parts), at)
        parts, at = after_step(parts, at, act, value)
        if act != "redo":
            parts, at = parts[max(0, at - most) :], min(at, most)
        shown = value if act == "show" and value else shown
        now = {"part": parts[at], "shown": shown}
        quiet = act in ("before", "after") or (act in ("do", "show") and not value)
        stays = quiet or (act in ("undo", "redo") and (len(parts), at) == was)
        ahead = len(parts) - at - 1
        yield {
            "state": now,
            "depth": {"past": at, "future": ahead},
            "canUndo": at > 0,
            "canRedo": ahead > 0,
            "heard": [] if stays else [[before, now, HOW[act]]],
        }


@pytest.fixture(scope="module")
def page(browser):
    opened = core_page(browser)
    yield opened
    opened.close()


@pytest.mark.browser
@settings(max_examples=60)
@given(acts=ACTS, most=st.integers(1, 9))
def test_any_acts_come_to_what_a_list_of_states_says(page, acts, most):
    assert page.evaluate(RUN, {"acts": acts, "most": most}) == list(steps_of(acts, most))


@pytest.mark.browser
def test_two_hundred_steps_all_undone_and_all_redone_are_the_same(page):
    acts = [["do", 1 + step % 3] for step in range(200)] + [["undo", 0]] * 200 + [["redo", 0]] * 200
    found = [one["state"] for one in page.evaluate(RUN, {"acts": acts, "most": 500})]
    assert found[399] == {"part": [], "shown": 0}
    assert found[599] == found[199]
    assert found[200:399] == found[198::-1]


@pytest.mark.browser
def test_what_is_shown_stays_when_a_step_is_undone(page):
    acts = [["do", 1], ["show", 2], ["do", 3], ["undo", 0], ["undo", 0]]
    found = page.evaluate(RUN, {"acts": acts, "most": 9})
    assert [one["state"] for one in found[2:]] == [
        {"part": [1, 3], "shown": 2},
        {"part": [1], "shown": 2},
        {"part": [], "shown": 2},
    ]


@pytest.mark.browser
def test_who_has_gone_hears_nothing_more(page):
    heard = page.evaluate("""async () => {
      const { createStore } = await import("/static/js/core/state.js");
      const whole = { partOf: (count) => count, withPart: (_count, part) => part };
      const store = createStore((count, more) => count + more, 0, whole);
      const heard = [];
      const leave = store.subscribe((count) => heard.push(count));
      store.subscribe((count) => { if (count === 1) leave(); });
      store.dispatch(1);
      store.dispatch(1);
      return heard;
    }""")
    assert heard == [1]


@pytest.mark.browser
def test_views_put_in_text_and_never_markup(page):
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: message.type == "error" and wrong.append(message.text))
    drawn = page.evaluate("""async () => {
      const { html, render, repeat } = await import("/static/js/core/html.js");
      const main = document.querySelector("main");
      const list = (names) => html`<ul>${repeat(names, (name) => name, (name) => html`<li>${name}</li>`)}</ul>`;
      render(list(["东村", "<b>西村</b>", "北村"]), main);
      const first = main.querySelector("li");
      render(list(["北村", "东村"]), main);
      return [main.querySelectorAll("b").length, [...main.querySelectorAll("li")].map((row) => row.textContent),
        main.querySelectorAll("li")[1] === first];
    }""")
    assert drawn == [0, ["北村", "东村"], True]
    assert wrong == []
