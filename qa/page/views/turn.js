/** @import {Actions, Answer, Outcome, Passage, Progress, Turn, Verdict} from '../types.js' */
import { questionProblem } from '../state.js';
import { phrase, plural, t } from '../text.js';
import { listed, scopeSaid, titled } from '../words.js';
import { answerParts } from './answer.js';
import { button, element, fill, icon, say, set } from './element.js';

/**
 * @typedef {object} Shown
 * @property {string} conversation
 * @property {Turn} turn
 * @property {Progress | null} progress
 * @property {string | null} place What the panel shows of this turn.
 * @property {boolean} editing
 * @property {boolean} adding Whether articles are on their way into the library.
 */

/**
 * @param {Actions} actions
 * @param {Shown} first
 */
export function createTurn(actions, first) {
  /** @type {Shown | null} */
  let drawn = null;
  const id = `turn-${first.turn.id}`;
  const question = element('h2', { class: 'question', id, tabindex: -1, dir: 'auto' }, first.turn.question);
  const editor = createEditor(actions, first);
  const written = element('p', { class: 'understood' }, t('Asked as written, without what came before.'));
  const scope = element('p', { class: 'understood' });
  const shared = element('p', { class: 'shared', role: 'status' });
  const body = element('div', { class: 'outcome' });
  const root = element('article', { class: 'turn', 'aria-labelledby': id }, question, editor.element, written, scope, shared, body);
  set(written, 'hidden', !first.turn.written || Boolean(first.turn.scope) || Boolean(first.turn.shared));
  say(scope, first.turn.scope ? t('Asked of {what}.', { what: scopeSaid(first.turn.scope) }) : '');
  set(scope, 'hidden', !first.turn.scope);

  return {
    element: root,
    /** @param {Shown} shown */
    update(shown) {
      const { turn, progress, editing, adding } = shown;
      const before = drawn;
      const changed = before?.turn.outcome !== turn.outcome || before.progress !== progress || before.turn.rating !== turn.rating;
      if (changed || (progress && before?.adding !== adding)) {
        const held = body.contains(document.activeElement);
        const label = held ? document.activeElement?.getAttribute('data-act') : null;
        fill(body, ...outcomeParts(actions, shown));
        const same = label ? body.querySelector(`[data-act="${label}"]`) : null;
        if (same instanceof HTMLElement) same.focus();
        else if (held) question.focus();
      }
      drawn = shown;
      set(root, 'data-waiting', progress !== null);
      say(shared, turn.shared ? sharedSaid(turn.shared) : '');
      set(shared, 'hidden', !turn.shared);
      const edited = editor.element.contains(document.activeElement);
      set(question, 'hidden', editing);
      editor.update(editing);
      if (edited && !editing) question.focus();
      for (const link of body.querySelectorAll('[data-place]')) {
        set(link, 'aria-current', link.getAttribute('data-place') === shown.place ? 'true' : null);
      }
    },
  };
}

/** @param {Verdict[]} verdicts */
function sharedSaid(verdicts) {
  const came = t('This answer came with a link.');
  if (!verdicts.length) return `${came} ${t('Its citations are being checked…')}`;
  const gone = verdicts.filter(({ status }) => status === 'gone').length;
  const moved = verdicts.filter(({ status }) => status === 'moved').length;
  if (gone === verdicts.length) return `${came} ${t('Its words are gone from this library.')}`;
  if (gone) return `${came} ${plural(gone, 'One of its citations is gone from this library.', '{n} of its citations are gone from this library.')}`;
  if (moved) return `${came} ${t('Its words have moved and still stand in the articles.')}`;
  return `${came} ${t('Its citations still hold: the words stand where it says.')}`;
}

/** @param {Actions} actions @param {Shown} first */
function createEditor(actions, { conversation, turn }) {
  const box = element('textarea', { rows: 2, 'aria-label': t('Question in other words'), dir: 'auto', keydown: onKey, input: () => say(problem, questionProblem(box.value)) });
  const problem = element('p', { class: 'question-problem', role: 'status' });
  const root = element(
    'form',
    { class: 'editor field', submit: onSubmit },
    box,
    problem,
    element(
      'div',
      { class: 'dialog-foot' },
      element('button', { type: 'button', class: 'secondary', click: () => actions.edit(null) }, t('Cancel')),
      element('button', { type: 'submit', class: 'primary' }, t('Ask')),
    ),
  );

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.key === 'Escape') {
      event.preventDefault();
      actions.edit(null);
    }
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    root.requestSubmit();
  }

  /** @param {SubmitEvent} event */
  function onSubmit(event) {
    event.preventDefault();
    if (!box.value.trim() || questionProblem(box.value)) return;
    actions.reword(conversation, turn.id, box.value);
  }

  return {
    element: root,
    /** @param {boolean} editing */
    update(editing) {
      const opened = editing && root.hidden;
      set(root, 'hidden', !editing);
      if (!opened) return;
      box.value = turn.question;
      box.focus();
      box.select();
    },
  };
}

/** @param {Actions} actions @param {Shown} shown */
function outcomeParts(actions, shown) {
  const { turn, progress, adding } = shown;
  if (progress) return progressParts(progress, adding);
  if (!turn.outcome) return interrupted(actions, shown);
  return { answer: answered, failed, stopped }[turn.outcome.kind](actions, shown);
}

/** @param {Progress} progress @param {boolean} adding */
function progressParts({ stage, passages, slow }, adding) {
  const text = {
    queued: t('It is asked as soon as the one before is answered.'),
    busy: t('Adding articles… Your question is next.'),
    looking: adding ? t('Adding articles… Your question goes first.') : t('Looking through the articles…'),
    reading: readingText(passages),
  }[stage];
  return [
    element('p', { class: 'progress' }, element('span', { class: 'spinner', 'aria-hidden': 'true' }), text),
    slow && element('p', { class: 'quiet', role: 'status' }, t('This takes longer than usual. You can wait or stop.')),
  ];
}

/** @param {Passage[]} passages */
function readingText(passages) {
  const titles = [...new Set(passages.map(({ title }) => titled(title)))].slice(0, 3);
  if (!titles.length) return t('Reading…');
  const of = listed(titles.map((title) => `“${title}”`));
  return t('Reading {passages} of {of}…', { passages: plural(passages.length, 'one passage', '{n} passages'), of });
}

/** @param {Actions} actions @param {Shown} shown */
function answered(actions, shown) {
  const { conversation, turn } = shown;
  const { answer } = /** @type {Extract<Outcome, {kind: 'answer'}>} */ (turn.outcome);
  const { rating } = turn;
  const hasQuotes = answer.answered;
  return [
    understood(actions, shown, answer),
    ...answerParts(answer, { conversation, turn: turn.id }),
    element(
      'div',
      { class: 'actions' },
      hasQuotes && button('copy', t('Copy'), { class: 'plain', title: t('Copy the quote with its citations'), click: () => actions.copyAnswer(turn) }),
      button('link', t('Share'), { class: 'plain', title: hasQuotes ? t('Copy a link that shows this answer') : t('Copy a link that asks this question'), click: () => actions.share(turn) }),
      hasQuotes && button('export', t('Proof'), { class: 'plain', title: t('Save the quote, its place, revision and date, to be checked later'), click: () => actions.saveProof(turn) }),
      element('span', { class: 'apart' }),
      button('yes', t('Right'), { class: 'plain', 'data-act': 'yes', 'aria-pressed': String(rating?.good === true), click: () => actions.rate(conversation, turn.id, rating?.good ? null : { good: true, reason: '' }) }, { bare: true }),
      button('no', t('Wrong'), { class: 'plain', 'data-act': 'no', 'aria-pressed': String(rating?.good === false), click: () => (rating?.good === false ? actions.rate(conversation, turn.id, null) : actions.show({ kind: 'rate', conversation, turn: turn.id })) }, { bare: true }),
      ...changes(actions, shown),
    ),
  ];
}

/** @param {Actions} actions @param {Shown} shown */
function changes(actions, { conversation, turn }) {
  return [
    button('edit', t('Edit the question'), { class: 'plain', click: () => actions.edit(turn.id) }, { bare: true }),
    button('delete', t('Delete this question'), { class: 'plain', click: () => actions.removeTurn(conversation, turn.id) }, { bare: true }),
  ];
}

/** @param {Actions} actions @param {Shown} shown @param {Answer} answer */
function understood(actions, { conversation, turn }, answer) {
  if (!answer.understood_as) return null;
  return element(
    'p',
    { class: 'understood' },
    ...phrase('Understood as “{question}”', { question: element('span', { dir: 'auto' }, answer.understood_as) }),
    ' ',
    element('button', { class: 'link', type: 'button', click: () => actions.askAsWritten(conversation, turn.question) }, t('Ask as written')),
  );
}

/** @param {Actions} actions @param {Shown} shown */
function failed(actions, shown) {
  const { detail } = /** @type {Extract<Outcome, {kind: 'failed'}>} */ (shown.turn.outcome);
  return [
    element('p', { class: 'failed' }, icon('refused'), element('span', {}, detail)),
    again(actions, shown, t('Try again')),
  ];
}

/** @param {Actions} actions @param {Shown} shown */
function stopped(actions, shown) {
  return [element('p', { class: 'quiet' }, t('Stopped.')), again(actions, shown, t('Ask again'))];
}

/**
 * A question of another tab, or of this one before it was closed.
 * @param {Actions} actions
 * @param {Shown} shown
 */
function interrupted(actions, shown) {
  const text = t('No answer yet: another tab is waiting for it, or it was interrupted.');
  return [element('p', { class: 'quiet' }, text), again(actions, shown, t('Ask again'))];
}

/** @param {Actions} actions @param {Shown} shown @param {string} label */
function again(actions, shown, label) {
  const { conversation, turn } = shown;
  const act = () => actions.askAgain(conversation, turn.id);
  return element('div', { class: 'actions' }, button('again', label, { class: 'plain', click: act }), element('span', { class: 'apart' }), ...changes(actions, shown));
}
