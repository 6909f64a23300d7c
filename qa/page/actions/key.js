/**
 * The API key that a service may ask for, kept in this browser only.
 */

/** @import {Actions} from '../types.js' */
/** @import {Store} from '../store.js' */
import * as effects from '../effects.js';
import { t } from '../text.js';

/**
 * @param {Store} store
 * @param {Actions} actions
 */
export function createKey(store, actions) {
  /** @type {((key: string | null) => void)[]} */
  let waiting = [];
  let refusal = '';
  effects.onLocked(locked);

  /**
   * A key that is refused is forgotten, and what it was not needed for is done without it.
   * @param {string} detail
   * @param {string} tried
   * @returns {Promise<string | null>}
   */
  async function locked(detail, tried) {
    if (tried) {
      refusal = detail;
      setKey('');
      return '';
    }
    if (!waiting.length) actions.show({ kind: 'key', detail: refusal || detail });
    return new Promise((resolve) => waiting.push(resolve));
  }

  /** @param {string} key */
  function unlock(key) {
    setKey(key);
    answer(key);
    actions.show(null);
  }

  function forgetKey() {
    setKey('');
    actions.notice(t('API key forgotten.'));
  }

  /** @param {string} key */
  function setKey(key) {
    if (key) effects.keepKey(key);
    else effects.forgetKey();
    store.change((state) => ({ ...state, hasKey: Boolean(key) }));
  }

  /** Whoever waits for a key goes on, or gives up. @param {string | null} key */
  function answer(key) {
    const all = waiting;
    waiting = [];
    refusal = '';
    for (const each of all) each(key);
  }

  return { unlock, forgetKey, withoutKey: () => answer(null) };
}
