/**
 * Questions: asked, asked again or in other words, stopped, deleted, rated.
 */

/** @import {Actions, Failure, Outcome, Rating, Scope, Turn} from '../types.js' */
/** @import {Store} from '../store.js' */
import * as effects from '../effects.js';
import { chat } from '../route.js';
import * as the from '../state.js';
import { t } from '../text.js';

const SLOW_AFTER_SECONDS = 4;

/**
 * @param {Store} store
 * @param {Actions} actions
 */
export function createAsking(store, actions) {
  /** @type {Map<string, AbortController>} */
  const running = new Map();
  /** The last question of a conversation that is on its way, by the conversation's id. @type {Map<string, Promise<void>>} */
  const last = new Map();

  /** @param {string} question */
  function ask(question) {
    const shown = the.shown(store.get());
    begin(shown?.id ?? effects.newId(), question, store.get().scope, !shown);
  }

  /** @param {{id: string, title: string}} article @param {string} question */
  function askArticle(article, question) {
    const shown = the.shown(store.get());
    const scope = { ...the.WHOLE_LIBRARY, articles: [article] };
    begin(shown?.id ?? effects.newId(), question, scope, !shown, true);
  }

  /**
   * @param {string} conversation
   * @param {string} question
   * @param {Scope} scope
   * @param {boolean} isNew
   * @param {boolean} [written]
   */
  function begin(conversation, question, scope, isNew, written = false) {
    put(conversation, question, written, scope);
    if (isNew) actions.open(chat(conversation));
  }

  /**
   * The same question, without what came before.
   * @param {string} conversation
   * @param {string} question
   */
  function askAsWritten(conversation, question) {
    put(conversation, question, true, store.get().scope);
  }

  /** @param {string} conversation @param {string} question @param {boolean} written @param {Scope} scope */
  function put(conversation, question, written, scope) {
    const turn = effects.newId();
    const now = effects.now();
    const asked = { conversation, turn, question: question.trim(), written, scope: the.isWhole(scope) ? null : scope, now };
    store.change((state) => the.ask(state, asked));
    answerInTurn(conversation, turn);
  }

  /** @param {string} conversation @param {string} turn */
  function askAgain(conversation, turn) {
    store.change((state) => the.askAgain(state, conversation, turn));
    answerInTurn(conversation, turn);
  }

  /** @param {string} conversation @param {string} turn @param {string} question */
  function reword(conversation, turn, question) {
    const id = effects.newId();
    stop(turn);
    store.change((state) => the.reworded(state, { conversation, turn, question: question.trim(), id }));
    answerInTurn(conversation, id);
  }

  /** @param {string | null} editing */
  function edit(editing) {
    store.change((state) => ({ ...state, editing }));
  }

  /** @param {string} conversation @param {string} id */
  function removeTurn(conversation, id) {
    const turn = the.conversationOf(store.get(), conversation)?.turns.find((each) => each.id === id);
    if (!turn) return;
    stop(id);
    store.change((state) => the.turnRemoved(state, conversation, id));
    actions.keep(conversation);
    actions.notice(t('Question deleted.'), () => {
      store.change((state) => the.turnRestored(state, conversation, { ...turn, id: effects.newId() }));
      actions.keep(conversation);
    });
  }

  /** @param {string} conversation @param {string} turn @param {Rating | null} rating */
  function rate(conversation, turn, rating) {
    store.change((state) => the.rated(the.withDialog(state, null), conversation, turn, rating));
    actions.keep(conversation);
    if (rating) actions.notice(t('Thank you. It is kept in this browser, and can be exported as “my questions”.'));
  }

  /** @param {Scope} scope */
  function setScope(scope) {
    store.change((state) => ({ ...state, scope }));
  }

  /** @param {string} turn */
  function stop(turn) {
    running.get(turn)?.abort();
  }

  /** A follow-up needs the answer before it. @param {string} id @param {string} turn */
  function answerInTurn(id, turn) {
    const controller = new AbortController();
    running.set(turn, controller);
    actions.keep(id);
    const before = last.get(id);
    const answered = (before ? Promise.race([before, stopped(controller.signal)]) : Promise.resolve()).then(() => answer(id, turn, controller));
    last.set(id, answered);
    void answered.then(() => last.get(id) === answered && last.delete(id));
  }

  /** @param {AbortSignal} signal @returns {Promise<void>} */
  function stopped(signal) {
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }

  /** @param {string} id @param {string} turn @param {AbortController} controller */
  async function answer(id, turn, controller) {
    const asked = the.conversationOf(store.get(), id)?.turns.find((each) => each.id === turn);
    const outcome = asked ? await outcomeOf(id, asked, controller) : null;
    running.delete(turn);
    if (outcome) store.change((state) => the.settled(state, id, turn, outcome));
    actions.keep(id);
  }

  /**
   * As long as the service is only busy, the question is put again.
   * @param {string} id
   * @param {Turn} asked
   * @param {AbortController} controller
   * @returns {Promise<Outcome>}
   */
  async function outcomeOf(id, asked, controller) {
    await actions.finishRemoving();
    for (;;) {
      if (controller.signal.aborted) return { kind: 'stopped' };
      store.change((state) => (state.progress[asked.id] ? the.begin(state, asked.id) : state));
      void sayWhenSlow(asked.id, controller);
      const outcome = await tried(id, asked, controller.signal);
      if ('kind' in outcome) return outcome;
      if (outcome.busy === null) return { kind: 'failed', detail: outcome.detail };
      store.change((state) => the.isBusy(state, asked.id));
      await Promise.race([effects.wait(outcome.busy), stopped(controller.signal)]);
    }
  }

  /**
   * @param {string} id
   * @param {Turn} asked
   * @param {AbortSignal} signal
   * @returns {Promise<Outcome | Failure>}
   */
  async function tried(id, { id: turn, question, scope }, signal) {
    const conversation = the.conversationOf(store.get(), id);
    const earlier = conversation ? the.earlierTurns(conversation, turn) : [];
    try {
      const found = await effects.ask(
        { question, conversation: earlier, filters: the.filtersOf(scope) },
        (passages) => store.change((state) => the.passagesFound(state, turn, passages)),
        signal,
      );
      return { kind: 'answer', answer: found };
    } catch (error) {
      if (effects.wasStopped(error)) return { kind: 'stopped' };
      return actions.failed(error);
    }
  }

  /** @param {string} turn @param {AbortController} controller */
  async function sayWhenSlow(turn, controller) {
    await effects.wait(SLOW_AFTER_SECONDS);
    if (running.get(turn) === controller) store.change((state) => the.isSlow(state, turn));
  }

  return { ask, askArticle, askAsWritten, askAgain, reword, edit, removeTurn, rate, setScope, stop };
}
