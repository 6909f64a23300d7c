/**
 * The connection to the service: lost, and found again.
 */

/** @import {Actions} from '../types.js' */
/** @import {Store} from '../store.js' */
import * as effects from '../effects.js';
import { t } from '../text.js';

const RECONNECT_SECONDS = 2;

/**
 * @param {Store} store
 * @param {Actions} actions
 */
export function createConnection(store, actions) {
  let reconnecting = false;

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
    do await effects.wait(RECONNECT_SECONDS);
    while (!(await effects.isReady()));
    reconnecting = false;
    store.change((state) => ({ ...state, connection: 'up' }));
    actions.notice(connection === 'lost' ? t('The service is there again.') : t('The service is ready.'));
    await actions.readLibrary();
    if (store.get().reading?.status === 'failed') await actions.readArticle();
  }

  return { failed, reconnect };
}
