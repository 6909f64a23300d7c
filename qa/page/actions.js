/**
 * What a person can do: actions ask the effects and change the state.
 */

/** @import {Actions} from './types.js' */
/** @import {Store} from './store.js' */
import { createAsking } from './actions/asking.js';
import { createConnection } from './actions/connection.js';
import { createConversations } from './actions/conversations.js';
import { createKey } from './actions/key.js';
import { createLibrarian } from './actions/library.js';
import { createPage } from './actions/page.js';
import { createPlaces } from './actions/places.js';
import * as effects from './effects.js';
import { routeOf } from './route.js';
import { broughtIn, deleted } from './state.js';

/**
 * @param {Store} store
 * @returns {Actions}
 */
export function createActions(store) {
  const actions = /** @type {Actions} */ ({});
  const parts = [
    createAsking, createConnection, createConversations, createKey, createLibrarian, createPage, createPlaces,
  ];
  return Object.assign(actions, ...parts.map((create) => create(store, actions)));
}

/**
 * Follows the address and the other tabs, and opens the library.
 * @param {Store} store
 * @param {Actions} actions
 */
export function start(store, actions) {
  effects.onMove((hash) => actions.arrive(routeOf(hash)));
  effects.onOtherTab((id, conversation) => {
    store.change((state) => (conversation ? broughtIn(state, conversation) : deleted(state, id)));
  });
  void actions.readLibrary();
  actions.enter(store.get().route);
}
