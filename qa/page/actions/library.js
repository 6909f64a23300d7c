/**
 * The library: listed, added to, removed from.
 */

/** @import {Actions, ArticleText, Intake, Refused, Taken} from '../types.js' */
/** @import {Store} from '../store.js' */
import * as effects from '../effects.js';
import * as the from '../state.js';
import { tally } from '../words.js';

/** @typedef {() => Promise<{taken: Taken[], refused: Refused[]}>} Send */

/** A pause in typing after which the library is searched. */
const FIND_SECONDS = 0.2;

/**
 * @param {Store} store
 * @param {Actions} actions
 */
export function createLibrarian(store, actions) {
  async function readLibrary() {
    try {
      const { find } = store.get().library;
      const listing = await effects.articles(find, 0);
      store.change((state) => the.libraryRead(state, find, listing));
      if (find) return;
      const suggestions = listing.total ? await effects.suggestions() : [];
      store.change((state) => ({ ...state, suggestions: suggestions.slice(0, 3) }));
    } catch (error) {
      const failure = actions.failed(error);
      store.change((state) => the.libraryFailed(state, failure));
      if (failure.starting) void actions.reconnect('starting');
    }
  }

  /** @param {string} find */
  async function findArticle(find) {
    store.change((state) => the.lookedFor(state, find));
    await effects.wait(FIND_SECONDS);
    if (store.get().library.find === find) await readLibrary();
  }

  async function readMore() {
    const { find, articles } = store.get().library;
    try {
      const listing = await effects.articles(find, articles.length);
      store.change((state) => the.moreRead(state, listing));
    } catch (error) {
      actions.notice(actions.failed(error).detail);
    }
  }

  /** @param {File[]} files */
  function addFiles(files) {
    return takeIn(files.map((file) => ({ name: file.name, send: () => effects.addFile(file) })));
  }

  /** @param {ArticleText} fields */
  function addText(fields) {
    const name = fields.title || 'Pasted text';
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
    store.change((state) => the.intakesBegun(state, begun));
    const all = { taken: 0, refused: 0 };
    for (const { id, send } of waiting) {
      const one = await takeInOne(id, send);
      all.taken += one.taken;
      all.refused += one.refused;
    }
    await readLibrary();
    const refused = all.refused ? `, ${all.refused} refused` : '';
    actions.notice(`${all.taken} taken in${refused}.`);
    return all.refused === 0;
  }

  /** @param {string} id @param {Send} send */
  async function takeInOne(id, send) {
    change(id, { status: 'sending' });
    try {
      const { taken, refused } = await send();
      change(id, { status: taken.length ? 'done' : 'refused', detail: tally(taken, refused) });
      return { taken: taken.length, refused: refused.length };
    } catch (error) {
      change(id, { status: 'refused', detail: actions.failed(error).detail });
      return { taken: 0, refused: 1 };
    }
  }

  /** @param {string} id @param {string} name @returns {Intake} */
  function intake(id, name) {
    return { id, name, status: 'waiting', detail: '' };
  }

  /** @param {string} id @param {Partial<Intake>} to */
  function change(id, to) {
    store.change((state) => the.intakeChanged(state, id, to));
  }

  /** @param {string} id */
  async function removeArticle(id) {
    store.change((state) => the.withDialog(state, null));
    try {
      await effects.removeArticle(id);
      if (the.articleShown(store.get()) === id) actions.closePanel();
      actions.notice('Article removed.');
    } catch (error) {
      actions.notice(actions.failed(error).detail);
    }
    store.change((state) => ({ ...state, reading: state.reading?.id === id ? null : state.reading }));
    await readLibrary();
  }

  return { readLibrary, findArticle, readMore, addFiles, addText, addAddress, removeArticle };
}
