/**
 * Questions: asked, asked again, stopped.
 */

/** @import {Actions, EarlierTurn, Outcome} from '../types.js' */
/** @import {Store} from '../store.js' */
import * as effects from '../effects.js';
import { chat } from '../route.js';
import * as the from '../state.js';

const SLOW_AFTER_SECONDS = 4;

/**
 * @param {Store} store
 * @param {Actions} actions
 */
export function createAsking(store, actions) {
  /** @type {Map<string, AbortController>} */
  const running = new Map();

  /** @param {string} question */
  function ask(question) {
    const shown = the.shown(store.get());
    const conversation = shown?.id ?? effects.newId();
    put(conversation, question, false);
    if (!shown) actions.open(chat(conversation));
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
    actions.keep(id);
    const controller = new AbortController();
    running.set(turn, controller);
    void sayWhenSlow(turn, controller);
    const earlier = the.earlierTurns(conversation, turn);
    const outcome = await outcomeOf(question, earlier, turn, controller.signal);
    running.delete(turn);
    store.change((state) => the.settled(state, id, turn, outcome));
    actions.keep(id);
  }

  /**
   * @param {string} question
   * @param {EarlierTurn[]} conversation
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
      return { kind: 'failed', detail: actions.failed(error).detail };
    }
  }

  /** @param {string} turn @param {AbortController} controller */
  async function sayWhenSlow(turn, controller) {
    await effects.wait(SLOW_AFTER_SECONDS);
    if (running.get(turn) === controller) store.change((state) => the.isSlow(state, turn));
  }

  return { ask, askAsWritten, askAgain, stop };
}
