/**
 * The library: listed, added to, removed from.
 */

/** @import {Actions, ArticleText, Chosen, Intake, Refused, Sort, Taken} from '../types.js' */
/** @import {Store} from '../store.js' */
import * as effects from '../effects.js';
import * as the from '../state.js';
import { plural, t } from '../text.js';
import { tally } from '../words.js';

/** @typedef {() => Promise<{taken: Taken[], refused: Refused[]}>} Send */

/** A pause in typing after which the library is searched. */
const FIND_SECONDS = 0.2;

/** How long a removal can be undone. */
const UNDO_SECONDS = 10;

/** How often it is written down what is not sent yet. */
const KEEP_SECONDS = 0.5;

/** Files that nobody means to add: those of the system, and hidden ones. */
const NO_ARTICLE = /(^|\/)(\.[^/]*|Thumbs\.db|desktop\.ini|__MACOSX)(\/|$)/i;

/**
 * @param {Store} store
 * @param {Actions} actions
 */
export function createLibrarian(store, actions) {
  effects.onLeaving(removeNow);
  let keptAt = 0;

  async function readLibrary() {
    try {
      const { find, sort } = store.get().library;
      const listing = await effects.articles(find, sort, 0);
      store.change((state) => the.libraryRead(state, find, listing));
      void readAbout();
      if (find) return;
      const suggestions = listing.total ? await effects.suggestions() : [];
      store.change((state) => ({ ...state, suggestions: suggestions.slice(0, 3) }));
    } catch (error) {
      const failure = actions.failed(error);
      store.change((state) => the.libraryFailed(state, failure));
      if (failure.starting) void actions.reconnect('starting');
    }
  }

  async function readAbout() {
    const about = await effects.about();
    store.change((state) => {
      if (!about) return state;
      return { ...state, about, library: { ...state.library, size: Math.max(0, about.articles - state.leaving.length) } };
    });
  }

  /** @param {string} find */
  async function findArticle(find) {
    store.change((state) => the.lookedFor(state, find));
    await effects.wait(FIND_SECONDS);
    if (store.get().library.find === find) await readLibrary();
  }

  /** @param {Sort} sort */
  async function sort(sort) {
    store.change((state) => ({ ...state, library: { ...state.library, sort } }));
    await readLibrary();
  }

  async function readMore() {
    const { find, sort, articles } = store.get().library;
    try {
      const listing = await effects.articles(find, sort, articles.length);
      store.change((state) => the.moreRead(state, listing));
    } catch (error) {
      actions.notice(actions.failed(error).detail);
    }
  }

  /** @param {Chosen[]} files */
  async function addFiles(files) {
    const meant = files.filter(({ path }) => !NO_ARTICLE.test(path));
    if (!meant.length) {
      actions.notice(t('There is no file in it that could be added.'));
      return false;
    }
    return takeIn(meant.map((chosen) => ({ name: chosen.path, send: () => effects.addFile(chosen) })));
  }

  /** @param {ArticleText} fields */
  function addText(fields) {
    const name = fields.title || t('Pasted text');
    return takeIn([{ name, send: () => effects.add(fields) }]);
  }

  /** @param {string} url */
  function addAddress(url) {
    return takeIn([{ name: url, send: () => effects.add({ url }) }]);
  }

  /**
   * Whether all of them were taken.
   * @param {{name: string, send: Send}[]} items
   */
  async function takeIn(items) {
    const waiting = items.map(({ name, send }) => ({ id: effects.newId(), name, send }));
    const begun = waiting.map(({ id, name }) => intake(id, name));
    store.change((state) => the.intakesBegun(state, begun, effects.now()));
    for (const { id, send } of waiting) {
      keepUnsent();
      await quiet();
      await takeInOne(id, send);
    }
    keepUnsent();
    await readLibrary();
    const mine = store.get().intakes.filter(({ id }) => waiting.some((each) => each.id === id));
    if (!the.isAdding(store.get())) {
      actions.notice(`${tally(the.takenCounts(store.get()))}.`);
      const last = mine.at(-1)?.taken.at(-1);
      if (last) void suggestFor(last.id);
    }
    return mine.every(({ refused }) => !refused.length);
  }

  /** Questions go before articles. */
  async function quiet() {
    while (Object.values(store.get().progress).some(({ stage }) => stage !== 'queued')) await effects.wait(0.1);
  }

  /** Not for every one of hundreds: writing down their names takes its time. */
  function keepUnsent() {
    const due = effects.now() > keptAt + KEEP_SECONDS * 1000;
    if (!due && the.isAdding(store.get())) return;
    keptAt = effects.now();
    const unsent = store.get().intakes.filter(({ status }) => status === 'waiting' || status === 'sending');
    effects.keepUnsent(unsent.map(({ name }) => name));
    effects.askBeforeLeaving(unsent.length > 0);
  }

  /** @param {string} id @param {Send} send */
  async function takeInOne(id, send) {
    change(id, { status: 'sending' });
    for (;;) {
      try {
        const { taken, refused } = await send();
        change(id, { status: taken.length ? 'done' : 'refused', taken, refused });
        return;
      } catch (error) {
        const { detail, busy } = actions.failed(error);
        if (busy === null) {
          change(id, { status: 'refused', refused: [{ name: '', reason: detail }] });
          return;
        }
        await effects.wait(busy);
      }
    }
  }

  /** @param {string} id @param {string} name @returns {Intake} */
  function intake(id, name) {
    return { id, name, status: 'waiting', taken: [], refused: [] };
  }

  /** @param {string} id @param {Partial<Intake>} to */
  function change(id, to) {
    store.change((state) => the.intakeChanged(state, id, to));
  }

  function forgetIntakes() {
    store.change((state) => ({ ...state, intakes: [], articleSuggestions: null }));
  }

  function forgetMissing() {
    store.change((state) => ({ ...state, missing: [] }));
  }

  /** @param {string[]} chosen */
  function choose(chosen) {
    store.change((state) => ({ ...state, chosen }));
  }

  /** @param {string[]} ids */
  async function removeArticles(ids) {
    await finishRemoving();
    const shown = the.articleShown(store.get());
    if (shown && ids.includes(shown)) actions.closePanel();
    store.change((state) => ({ ...the.articlesRemoved(state, ids), leaving: ids }));
    const said = plural(ids.length, 'Article removed.', '{n} articles removed.');
    actions.notice(said, () => {
      if (store.get().leaving !== ids) return;
      store.change((state) => ({ ...state, leaving: [] }));
      void readLibrary();
    });
    await effects.wait(UNDO_SECONDS);
    if (store.get().leaving === ids) await finishRemoving();
  }

  /** What is about to be removed is removed before anything is asked. */
  async function finishRemoving() {
    const { leaving } = store.get();
    if (!leaving.length) return;
    store.change((state) => ({ ...state, leaving: [] }));
    try {
      for (const id of leaving) await effects.removeArticle(id);
    } catch (error) {
      actions.notice(actions.failed(error).detail);
    }
    await readLibrary();
  }

  /** The page is being left. */
  function removeNow() {
    for (const id of store.get().leaving) void effects.removeArticle(id, { keepalive: true }).catch(effects.failureOf);
  }

  /** @param {string} id @param {string[]} tags */
  async function setTags(id, tags) {
    store.change((state) => the.withDialog(state, null));
    try {
      await effects.setTags(id, tags);
    } catch (error) {
      actions.notice(actions.failed(error).detail);
      return;
    }
    actions.notice(t('Tags changed.'));
    store.change((state) => ({ ...state, reading: state.reading?.id === id ? null : state.reading }));
    await readLibrary();
    await actions.readArticle();
  }

  /** @param {string} id */
  async function suggestFor(id) {
    if (store.get().articleSuggestions?.id === id) return;
    const questions = await effects.suggestions(id);
    store.change((state) => ({ ...state, articleSuggestions: { id, questions: questions.slice(0, 3) } }));
  }

  return {
    readLibrary, readMore, findArticle, sort, addFiles, addText, addAddress, forgetIntakes, forgetMissing,
    choose, removeArticles, finishRemoving, setTags, suggestFor,
  };
}
