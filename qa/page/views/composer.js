/** @import {Actions, State} from '../types.js' */
import { inFlight, questionProblem, shown } from '../state.js';
import { element, icon, say, set } from './element.js';

/** @param {Actions} actions */
export function createComposer(actions) {
  /** @type {string | null} */
  let stoppable = null;
  const box = element('textarea', {
    id: 'question',
    rows: 1,
    'aria-label': 'Question',
    'aria-describedby': 'question-problem',
    enterkeyhint: 'send',
    input: drawInput,
    keydown: onKey,
  });
  const label = element('span', { class: 'unseen' });
  const act = element('button', { class: 'send', type: 'submit' }, icon('send'), icon('stop'), label);
  const problem = element('p', { class: 'question-problem', id: 'question-problem', role: 'status' });
  const root = element(
    'form',
    { class: 'composer', submit: onSubmit },
    element('div', { class: 'box' }, box, act),
    problem,
  );

  function drawInput() {
    const text = questionProblem(box.value);
    say(problem, text);
    set(box, 'aria-invalid', text ? 'true' : null);
    act.disabled = !stoppable && (!box.value.trim() || Boolean(text));
    box.style.height = 'auto';
    box.style.height = `${box.scrollHeight}px`;
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!stoppable) send();
  }

  /** @param {SubmitEvent} event */
  function onSubmit(event) {
    event.preventDefault();
    if (stoppable) actions.stop(stoppable);
    else send();
    box.focus();
  }

  function send() {
    if (!box.value.trim() || questionProblem(box.value)) return;
    actions.ask(box.value);
    box.value = '';
    drawInput();
  }

  return {
    element: root,
    focus: () => box.focus(),
    /** @param {State} state */
    update(state) {
      const conversation = shown(state);
      stoppable = (conversation && inFlight(conversation, state.progress)?.id) ?? null;
      set(act, 'data-stops', stoppable !== null);
      say(label, stoppable ? 'Stop' : 'Ask');
      set(act, 'title', stoppable ? 'Stop' : 'Ask (Enter)');
      set(box, 'placeholder', conversation ? 'Ask a follow-up…' : 'Ask a question…');
      drawInput();
    },
  };
}
