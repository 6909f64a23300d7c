/**
 * The page itself: notices, dialogs, colours, language, keys.
 */

/** @import {Dialog, Theme} from '../types.js' */
/** @import {Language} from '../text.js' */
/** @import {Store} from '../store.js' */
import * as effects from '../effects.js';
import * as the from '../state.js';

/** What a screen reader needs to begin, and for each character. */
const NOTICE_SECONDS = 6;
const SECONDS_A_CHARACTER = 0.1;

/** @param {Store} store */
export function createPage(store) {
  /** @type {(() => void) | null} */
  let undoing = null;

  /** @param {string} text @param {(() => void) | null} [undo] */
  function notice(text, undo = null) {
    undoing = undo;
    const shown = { text, undo: undo !== null };
    store.change((state) => ({ ...state, notice: shown }));
    void effects.wait(NOTICE_SECONDS + text.length * SECONDS_A_CHARACTER).then(() => {
      if (store.get().notice === shown) dismiss();
    });
  }

  function undo() {
    const act = undoing;
    dismiss();
    act?.();
  }

  function dismiss() {
    undoing = null;
    store.change((state) => ({ ...state, notice: null }));
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

  /** @param {Language} language */
  function setLanguage(language) {
    effects.keepLanguage(language);
    effects.reload();
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

  /** @param {'conversation' | 'article'} what */
  function print(what) {
    effects.print(what);
  }

  return { notice, undo, dismiss, show, setTheme, setLanguage, setShortcuts, setMenu, print };
}
