/** @import {Actions, Dialog, State} from '../types.js' */
import { conversationOf } from '../state.js';
import { counted, titled } from '../words.js';
import { element, fill } from './element.js';

/** @param {Actions} actions */
export function createDialogs(actions) {
  /** @type {Dialog | null} */
  let drawn = null;
  const root = element('dialog', { class: 'dialog', 'aria-labelledby': 'dialog-title', close: onClose });

  function onClose() {
    if (!root.open) actions.show(null);
  }

  return {
    element: root,
    /** @param {State} state */
    update(state) {
      if (state.dialog === drawn) return;
      const before = drawn;
      drawn = state.dialog;
      if (!state.dialog) {
        if (before?.kind === 'key') actions.withoutKey();
        root.close();
        return;
      }
      fill(root, element('form', { method: 'dialog' }, ...parts(actions, state, state.dialog)));
      if (!root.open) root.showModal();
    },
  };
}

/** @param {Actions} actions @param {State} state @param {Dialog} dialog */
function parts(actions, state, dialog) {
  switch (dialog.kind) {
    case 'keys':
      return keys(actions, state);
    case 'rename':
      return rename(actions, state, dialog.id);
    case 'delete':
      return remove(actions, state, dialog.id);
    case 'remove':
      return removeArticle(actions, state, dialog.id);
    case 'key':
      return key(actions, dialog.detail);
  }
}

/** @param {string} text */
function title(text) {
  return element('h2', { id: 'dialog-title' }, text);
}

/** @param {Actions} actions @param {string} label */
function cancel(actions, label) {
  return element('button', { type: 'button', class: 'secondary', click: () => actions.show(null) }, label);
}

/** @param {Actions} actions @param {State} state */
function keys(actions, { shortcuts }) {
  const rows = [
    ['Enter', 'Ask'],
    ['Shift + Enter', 'A new line'],
    ['/', 'Go to the question box; in the library, to its search'],
    ['Esc', 'Close the article'],
    ['?', 'Show these keys'],
  ];
  const list = rows.flatMap(([key, what]) => [element('dt', {}, element('kbd', {}, key ?? '')), element('dd', {}, what ?? '')]);
  const box = element('input', { type: 'checkbox', change: () => actions.setShortcuts(box.checked) });
  box.checked = shortcuts;
  return [
    title('Keys'),
    element('dl', { class: 'keys' }, ...list),
    element('label', { class: 'check' }, box, 'Use / and ? as keys'),
    element('div', { class: 'dialog-foot' }, cancel(actions, 'Close')),
  ];
}

/** @param {Actions} actions @param {State} state @param {string} id */
function rename(actions, state, id) {
  const name = conversationOf(state, id)?.title ?? '';
  const input = element('input', { value: name, required: true, maxlength: 200, 'aria-label': 'Name', focus: () => input.select() });
  const act = () => input.checkValidity() && actions.rename(id, input.value);
  return [
    title('Rename the conversation'),
    input,
    element('div', { class: 'dialog-foot' }, cancel(actions, 'Cancel'), element('button', { class: 'primary', value: 'ok', click: act }, 'Rename')),
  ];
}

/** @param {Actions} actions @param {State} state @param {string} id */
function remove(actions, state, id) {
  const conversation = conversationOf(state, id);
  const turns = counted(conversation?.turns.length ?? 0, 'question');
  return [
    title('Delete the conversation?'),
    element('p', {}, `“${conversation?.title}” with ${turns} will be gone from this browser. It cannot be brought back.`),
    confirm(actions, 'Delete', () => actions.remove(id)),
  ];
}

/** @param {Actions} actions @param {State} state @param {string} id */
function removeArticle(actions, state, id) {
  const article = state.library.articles.find((each) => each.id === id);
  return [
    title('Remove the article?'),
    element('p', {}, `“${titled(article?.title)}” will no longer be searched nor cited. To have it back, add it again.`),
    confirm(actions, 'Remove', () => actions.removeArticle(id)),
  ];
}

/** @param {Actions} actions @param {string} detail */
function key(actions, detail) {
  const input = element('input', {
    type: 'password',
    autocomplete: 'off',
    required: true,
    pattern: '[!-~]+', // no header takes other characters
    'aria-label': 'API key',
    'aria-describedby': 'key-asked',
  });
  const act = () => input.checkValidity() && actions.unlock(input.value);
  return [
    title('The service asks for an API key'),
    element('p', { class: 'quiet', id: 'key-asked' }, detail),
    input,
    element('p', { class: 'quiet' }, 'It is kept in this browser only, and sent to this service only.'),
    element('div', { class: 'dialog-foot' }, cancel(actions, 'Cancel'), element('button', { class: 'primary', value: 'ok', click: act }, 'Use the key')),
  ];
}

/** @param {Actions} actions @param {string} label @param {() => void} act */
function confirm(actions, label, act) {
  return element(
    'div',
    { class: 'dialog-foot' },
    cancel(actions, 'Cancel'),
    element('button', { class: 'danger', value: 'ok', click: act }, label),
  );
}
