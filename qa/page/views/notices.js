/** @import {Actions, State} from '../types.js' */
import { t } from '../text.js';
import { button, element, say, set } from './element.js';

/**
 * What is said aside: short messages, the state of the connection, and answers read aloud. It takes
 * room of its own, so that it covers nothing, and moves into a dialog that is open.
 * @param {Actions} actions
 */
export function createNotices(actions) {
  const notice = element('p', { role: 'status' });
  const undo = element('button', { type: 'button', class: 'link', click: () => actions.undo() }, t('Undo'));
  const close = button('close', t('Dismiss'), { class: 'plain', click: () => actions.dismiss() }, { bare: true });
  const shown = element('div', { class: 'notice' }, notice, undo, close);
  const lost = element('p', { class: 'lost', role: 'status' });
  const said = element('div', { class: 'unseen', 'aria-live': 'polite' });
  const root = element('div', { class: 'notices' }, lost, shown, said);

  return {
    element: root,
    /** @param {State} state */
    update(state) {
      say(notice, state.notice?.text ?? '');
      set(shown, 'data-empty', !state.notice);
      set(undo, 'hidden', !state.notice?.undo);
      set(close, 'hidden', !state.notice);
      say(lost, { up: '', lost: t('The service cannot be reached. Trying again…'), starting: t('The service is starting…') }[state.connection]);
      set(lost, 'data-empty', state.connection === 'up');
      say(said, state.said);
    },
  };
}
