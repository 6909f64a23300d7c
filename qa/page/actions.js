/**
 * What a person can do: each action asks the effects and changes the state.
 */

/**
 * @import {Dialog, Intake, Outcome, Route, Theme, Turn} from './types.js'
 * @import {Store} from './store.js'
 */
import * as effects from './effects.js';
import { fileName, toMarkdown } from './markdown.js';
import { chat, hashOf, library, routeOf } from './route.js';
import * as the from './state.js';
import { quotation } from './words.js';

const SLOW_AFTER_SECONDS = 4;
const NOTICE_SECONDS = 6;
const RECONNECT_SECONDS = 2;

/** A pause in typing after which the library is searched. */
const FIND_SECONDS = 0.2;

/** @typedef {ReturnType<typeof createActions>} Actions */

/** @param {Store} store */
export function createActions(store) {
  /** @type {Map<string, AbortController>} */
  const running = new Map();
  let reconnecting = false;

  /* ---- questions ---- */

  /** @param {string} question */
  function ask(question) {
    const shown = the.shown(store.get());
    const conversation = shown?.id ?? effects.newId();
    put(conversation, question, false);
    if (!shown) open(chat(conversation));
  }

  /**
   * The same question, without what came before.
   * @param {string} conversation
   * @param {string} question
   */
  function askAsWritten(conversation, question) {
    put(conversation, question, true);
  }

  /** @param {string} conversation @param {string} question @param {boolean} written */
  function put(conversation, question, written) {
    const turn = effects.newId();
    const now = effects.now();
    const asked = { conversation, turn, question: question.trim(), written, now };
    store.change((state) => the.ask(state, asked));
    void answer(conversation, turn);
  }

  /** @param {string} conversation @param {string} turn */
  function askAgain(conversation, turn) {
    store.change((state) => the.askAgain(state, conversation, turn));
    void answer(conversation, turn);
  }

  /** @param {string} turn */
  function stop(turn) {
    running.get(turn)?.abort();
  }

  /** @param {string} id @param {string} turn */
  async function answer(id, turn) {
    const conversation = the.conversationOf(store.get(), id);
    const question = conversation?.turns.find((each) => each.id === turn)?.question;
    if (!conversation || question === undefined) return;
    keep(id);
    const controller = new AbortController();
    running.set(turn, controller);
    void sayWhenSlow(turn);
    const earlier = the.earlierTurns(conversation, turn);
    const outcome = await outcomeOf(question, earlier, turn, controller.signal);
    running.delete(turn);
    store.change((state) => the.settled(state, id, turn, outcome));
    keep(id);
  }

  /**
   * @param {string} question
   * @param {import('./types.js').EarlierTurn[]} conversation
   * @param {string} turn
   * @param {AbortSignal} signal
   * @returns {Promise<Outcome>}
   */
  async function outcomeOf(question, conversation, turn, signal) {
    try {
      const found = await effects.ask(
        { question, conversation },
        (passages) => store.change((state) => the.passagesFound(state, turn, passages)),
        signal,
      );
      return { kind: 'answer', answer: found };
    } catch (error) {
      if (effects.wasStopped(error)) return { kind: 'stopped' };
      return { kind: 'failed', detail: failed(error).detail };
    }
  }

  /** @param {string} turn */
  async function sayWhenSlow(turn) {
    await effects.wait(SLOW_AFTER_SECONDS);
    if (running.has(turn)) store.change((state) => the.isSlow(state, turn));
  }

  /* ---- conversations ---- */

  /** @param {string} id */
  function keep(id) {
    const mine = the.conversationOf(store.get(), id);
    if (!mine) return;
    const kept = effects.keptConversation(id);
    const both = kept ? the.merged(mine, kept) : mine;
    if (!effects.keep(both)) {
      notice('This browser keeps no more conversations: delete some, or export this one.');
    }
  }

  /** @param {string} id @param {string} title */
  function rename(id, title) {
    store.change((state) => the.withDialog(the.renamed(state, id, title, effects.now()), null));
    keep(id);
  }

  /** @param {string} id */
  function remove(id) {
    const conversation = the.conversationOf(store.get(), id);
    conversation?.turns.forEach((turn) => stop(turn.id));
    effects.forget(id);
    store.change((state) => the.deleted(the.withDialog(state, null), id));
    replace(chat(null));
    notice('Conversation deleted.');
  }

  /** @param {string} id */
  function exportMarkdown(id) {
    const conversation = the.conversationOf(store.get(), id);
    if (!conversation) return;
    effects.download(fileName(conversation.title), toMarkdown(conversation));
    notice('Conversation exported as Markdown.');
  }

  /** @param {Turn} turn */
  async function copyAnswer({ outcome }) {
    if (outcome?.kind !== 'answer') return;
    const copied = await effects.copy(quotation(outcome.answer));
    notice(copied ? 'Answer copied with its citations.' : 'The browser does not allow copying.');
  }

  /** @param {Turn} turn */
  async function share({ question, outcome }) {
    const understood = outcome?.kind === 'answer' ? outcome.answer.understood_as : null;
    const address = effects.addressOf(hashOf({ view: 'ask', question: understood || question }));
    const copied = await effects.copy(address);
    notice(copied ? 'Link copied: it asks this question again.' : address);
  }

  /* ---- places ---- */

  /** @param {Route} route */
  function open(route) {
    if (hashOf(route) !== effects.hash()) effects.go(hashOf(route));
    enter(route);
  }

  /** @param {Route} route */
  function replace(route) {
    effects.replace(hashOf(route));
    enter(route);
  }

  /** @param {Route} route */
  function enter(route) {
    if (route.view === 'ask') {
      replace(chat(null));
      ask(route.question);
      return;
    }
    store.change((state) => the.went(state, route));
    void readArticle();
  }

  function closePanel() {
    const { route } = store.get();
    if (route.view === 'library') open(library());
    if (route.view === 'chat') open(chat(route.conversation));
  }

  async function readArticle() {
    const id = the.articleShown(store.get());
    if (!id) return;
    store.change((state) => the.articleOpening(state, id));
    if (store.get().reading?.status === 'loading') await fetchArticle(id);
    await judge();
  }

  /** @param {string} id */
  async function fetchArticle(id) {
    try {
      const article = await effects.article(id);
      store.change((state) => the.articleOpened(state, article));
    } catch (error) {
      const failure = failed(error);
      store.change((state) => the.articleFailed(state, id, failure));
    }
  }

  /** Where a citation's words are now, when its article has changed since. */
  async function judge() {
    const sight = the.looking(store.get())?.sight;
    const article = store.get().reading?.article;
    if (!sight?.citation || !article || article.revision === sight.revision) return;
    try {
      const verdict = await effects.verify(sight.citation);
      if (the.looking(store.get())?.sight.citation !== sight.citation) return;
      store.change((state) => the.judged(state, verdict));
    } catch (error) {
      failed(error);
    }
  }

  /* ---- the library ---- */

  async function readLibrary() {
    try {
      const { find } = store.get().library;
      const listing = await effects.articles(find, 0);
      store.change((state) => the.libraryRead(state, find, listing));
      if (find) return;
      const suggestions = listing.total ? await effects.suggestions() : [];
      store.change((state) => ({ ...state, suggestions: suggestions.slice(0, 3) }));
    } catch (error) {
      const failure = failed(error);
      store.change((state) => the.libraryFailed(state, failure));
      void reconnect('starting');
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
      notice(failed(error).detail);
    }
  }

  /** @param {File[]} files */
  function addFiles(files) {
    return takeIn(files.map((file) => ({ name: file.name, send: () => effects.addFile(file) })));
  }

  /** @param {{text: string, title?: string, source?: string, published?: string}} fields */
  function addText(fields) {
    const name = fields.title || 'Pasted text';
    return takeIn([{ name, send: () => effects.addText(fields) }]);
  }

  /**
   * Whether all of them were taken.
   * @param {{name: string, send: () => Promise<{status?: string}>}[]} items
   */
  async function takeIn(items) {
    const waiting = items.map(({ name, send }) => ({ id: effects.newId(), name, send }));
    const begun = waiting.map(({ id, name }) => intake(id, name));
    store.change((state) => the.intakesBegun(state, begun));
    let taken = 0;
    for (const { id, send } of waiting) {
      change(id, { status: 'sending' });
      try {
        const { status } = await send();
        change(id, { status: 'done', detail: status ?? 'added' });
        taken += 1;
      } catch (error) {
        change(id, { status: 'refused', detail: failed(error).detail });
      }
    }
    await readLibrary();
    const refused = waiting.length - taken;
    store.change((state) =>
      the.noticed(state, `${taken} taken in${refused ? `, ${refused} refused` : ''}.`),
    );
    return refused === 0;
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
      if (the.articleShown(store.get()) === id) replace(library());
      notice('Article removed.');
    } catch (error) {
      notice(failed(error).detail);
    }
    store.change((state) => ({ ...state, reading: state.reading?.id === id ? null : state.reading }));
    await readLibrary();
  }

  /* ---- the connection ---- */

  /** @param {unknown} error */
  function failed(error) {
    const failure = effects.failureOf(error);
    if (failure.lost) void reconnect('lost');
    return failure;
  }

  /** @param {'lost' | 'starting'} connection */
  async function reconnect(connection) {
    if (reconnecting) return;
    reconnecting = true;
    store.change((state) => ({ ...state, connection }));
    while (!(await effects.isReady())) await effects.wait(RECONNECT_SECONDS);
    reconnecting = false;
    store.change((state) => ({ ...state, connection: 'up' }));
    notice(connection === 'lost' ? 'The service is there again.' : 'The service is ready.');
    await readLibrary();
    if (store.get().reading?.status === 'failed') await readArticle();
  }

  /* ---- the page ---- */

  /** @param {string} text */
  function notice(text) {
    store.change((state) => the.noticed(state, text));
    void effects.wait(NOTICE_SECONDS).then(() => {
      if (store.get().notice === text) store.change((state) => the.noticed(state, ''));
    });
  }

  /** @param {Dialog | null} dialog */
  function show(dialog) {
    store.change((state) => the.withDialog(state, dialog));
  }

  /** @param {Theme} theme */
  function setTheme(theme) {
    effects.keepTheme(theme);
    store.change((state) => ({ ...state, theme }));
  }

  /** @param {boolean} shortcuts */
  function setShortcuts(shortcuts) {
    effects.keepShortcuts(shortcuts);
    store.change((state) => ({ ...state, shortcuts }));
  }

  /** @param {boolean} menu */
  function setMenu(menu) {
    store.change((state) => ({ ...state, menu }));
  }

  /** @param {string} find */
  function find(find) {
    store.change((state) => ({ ...state, find }));
  }

  function start() {
    effects.onMove((hash) => enter(routeOf(hash)));
    effects.onOtherTab((id, conversation) => {
      store.change((state) =>
        conversation ? the.broughtIn(state, conversation) : the.deleted(state, id),
      );
    });
    void readLibrary();
    enter(store.get().route);
  }

  return {
    ...{ ask, askAsWritten, askAgain, stop },
    ...{ rename, remove, exportMarkdown, copyAnswer, share, find },
    ...{ open, replace, closePanel, readArticle },
    ...{ readLibrary, addFiles, addText, removeArticle, findArticle, readMore },
    ...{ notice, show, setTheme, setShortcuts, setMenu, start },
  };
}
