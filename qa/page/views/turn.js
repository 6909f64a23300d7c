/** @import {Actions, Answer, Outcome, Progress, Turn} from '../types.js' */
import { counted, listed, titled } from '../words.js';
import { answerParts } from './answer.js';
import { button, element, fill, icon, set } from './element.js';

/**
 * @typedef {object} Shown
 * @property {string} conversation
 * @property {Turn} turn
 * @property {Progress | null} progress
 * @property {string | null} place What the panel shows of this turn.
 */

/**
 * @param {Actions} actions
 * @param {Shown} first
 */
export function createTurn(actions, first) {
  /** @type {Shown | null} */
  let drawn = null;
  const id = `turn-${first.turn.id}`;
  const question = element('h2', { class: 'question', id, tabindex: -1 }, first.turn.question);
  const written = element('p', { class: 'understood' }, 'Asked as written, without what came before.');
  const body = element('div', { class: 'outcome' });
  const root = element('article', { class: 'turn', 'aria-labelledby': id }, question, written, body);
  set(written, 'hidden', !first.turn.written);

  return {
    element: root,
    /** @param {Shown} shown */
    update(shown) {
      if (drawn?.turn.outcome !== shown.turn.outcome || drawn.progress !== shown.progress) {
        const held = body.contains(document.activeElement);
        fill(body, ...outcomeParts(actions, shown));
        if (held) question.focus();
      }
      drawn = shown;
      for (const link of body.querySelectorAll('[data-place]')) {
        set(link, 'aria-current', link.getAttribute('data-place') === shown.place ? 'true' : null);
      }
    },
  };
}

/** @param {Actions} actions @param {Shown} shown */
function outcomeParts(actions, shown) {
  const { turn, progress } = shown;
  if (progress) return progressParts(progress);
  if (!turn.outcome) return interrupted(actions, shown);
  return { answer: answered, failed, stopped }[turn.outcome.kind](actions, shown);
}

/** @param {Progress} progress */
function progressParts({ stage, passages, slow }) {
  const text = stage === 'looking' ? 'Looking through the articles…' : readingText(passages);
  return [
    element('p', { class: 'progress' }, element('span', { class: 'spinner', 'aria-hidden': 'true' }), text),
    slow && element('p', { class: 'quiet', role: 'status' }, 'This takes longer than usual. You can wait or stop.'),
  ];
}

/** @param {import('../types.js').Passage[]} passages */
function readingText(passages) {
  const titles = [...new Set(passages.map(({ title }) => titled(title)))].slice(0, 3);
  if (!titles.length) return 'Reading…';
  const quoted = listed(titles.map((title) => `“${title}”`));
  return `Reading ${counted(passages.length, 'passage')} of ${quoted}…`;
}

/** @param {Actions} actions @param {Shown} shown */
function answered(actions, shown) {
  const { conversation, turn } = shown;
  const { answer } = /** @type {Extract<Outcome, {kind: 'answer'}>} */ (turn.outcome);
  return [
    understood(actions, shown, answer),
    ...answerParts(answer, { conversation, turn: turn.id }),
    element(
      'div',
      { class: 'actions' },
      answer.answered && button('copy', 'Copy', { class: 'plain', click: () => actions.copyAnswer(turn) }),
      button('link', 'Share', { class: 'plain', title: 'Copy a link that asks this question', click: () => actions.share(turn) }),
    ),
  ];
}

/** @param {Actions} actions @param {Shown} shown @param {Answer} answer */
function understood(actions, { conversation, turn }, answer) {
  if (!answer.understood_as) return null;
  return element(
    'p',
    { class: 'understood' },
    'Understood as “',
    element('span', {}, answer.understood_as),
    '” ',
    element('button', { class: 'link', type: 'button', click: () => actions.askAsWritten(conversation, turn.question) }, 'Ask as written'),
  );
}

/** @param {Actions} actions @param {Shown} shown */
function failed(actions, shown) {
  const { detail } = /** @type {Extract<Outcome, {kind: 'failed'}>} */ (shown.turn.outcome);
  return [
    element('p', { class: 'failed' }, icon('refused'), element('span', {}, detail)),
    again(actions, shown, 'Try again'),
  ];
}

/** @param {Actions} actions @param {Shown} shown */
function stopped(actions, shown) {
  return [element('p', { class: 'quiet' }, 'Stopped.'), again(actions, shown, 'Ask again')];
}

/**
 * A question of another tab, or of this one before it was closed.
 * @param {Actions} actions
 * @param {Shown} shown
 */
function interrupted(actions, shown) {
  const text = 'No answer yet: another tab is waiting for it, or it was interrupted.';
  return [element('p', { class: 'quiet' }, text), again(actions, shown, 'Ask again')];
}

/** @param {Actions} actions @param {Shown} shown @param {string} label */
function again(actions, { conversation, turn }, label) {
  const act = () => actions.askAgain(conversation, turn.id);
  return element('div', { class: 'actions' }, button('again', label, { class: 'plain', click: act }));
}
