/**
 * The one place that holds the state; after changes the page is drawn once.
 */

/** @import {State} from './types.js' */

/** @typedef {{get: () => State, change: (step: (state: State) => State) => void}} Store */

/**
 * @param {State} state
 * @param {(state: State) => void} draw
 * @returns {Store}
 */
export function createStore(state, draw) {
  let waiting = false;
  return {
    get: () => state,
    change(step) {
      const before = state;
      state = step(state);
      if (state === before || waiting) return;
      waiting = true;
      queueMicrotask(() => {
        waiting = false;
        draw(state);
      });
    },
  };
}
