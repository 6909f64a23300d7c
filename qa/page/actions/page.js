/**
 * The page itself: notices, dialogs, colours, keys.
 */

/** @import {Dialog, Theme} from '../types.js' */
/** @import {Store} from '../store.js' */
import * as effects from '../effects.js';
import * as the from '../state.js';

const NOTICE_SECONDS = 6;

/** @param {Store} store */
export function createPage(store) {
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

  return { notice, show, setTheme, setShortcuts, setMenu };
}
