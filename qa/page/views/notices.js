/** @import {State} from '../types.js' */
import { element, say, set } from './element.js';

const LOST = {
  up: '',
  lost: 'The service cannot be reached. Trying again…',
  starting: 'The service is starting…',
};

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
      say(lost, LOST[state.connection]);
      set(lost, 'data-empty', state.connection === 'up');
      say(said, state.said);
    },
  };
}
