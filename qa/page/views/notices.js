/** @import {State} from '../types.js' */
import { element, say, set } from './element.js';

/** What is said aside: short messages, the state of the connection, and answers read aloud. */
export function createNotices() {
  const notice = element('p', { class: 'notice', role: 'status' });
  const lost = element('p', { class: 'lost', role: 'status' });
  const said = element('div', { class: 'unseen', 'aria-live': 'polite' });
  const root = element('div', { class: 'notices' }, lost, notice, said);

  return {
    element: root,
    /** @param {State} state */
    update(state) {
      say(notice, state.notice);
      set(notice, 'data-empty', !state.notice);
      say(lost, state.connected ? '' : 'The service cannot be reached. Trying again…');
      set(lost, 'data-empty', state.connected);
      say(said, state.said);
    },
  };
}
