/** @import {Actions, Scope, State} from '../types.js' */
import { inFlight, isWhole, looking, questionProblem, shown } from '../state.js';
import { t } from '../text.js';
import { datesSaid, titled } from '../words.js';
import { button, element, fill, icon, say, set } from './element.js';

/** @param {Actions} actions */
export function createComposer(actions) {
  /** @type {string | null} */
  let running = null;
  const box = element('textarea', {
    id: 'question',
    rows: 1,
    dir: 'auto',
    'aria-label': t('Question'),
    'aria-describedby': 'question-problem',
    enterkeyhint: 'send',
    input: drawInput,
    keydown: onKey,
  });
  const label = element('span', { class: 'unseen' });
  const act = element('button', { class: 'send', type: 'submit' }, icon('send'), icon('stop'), label);
  const problem = element('p', { class: 'question-problem', id: 'question-problem', role: 'status' });
  const scope = createScope(actions);
  const root = element(
    'form',
    { class: 'composer', submit: onSubmit },
    element('div', { class: 'box' }, box, act),
    scope.element,
    problem,
  );

  /** While a question runs, an empty box stops it, and a written one is asked next. */
  function stops() {
    return running !== null && !box.value.trim();
  }

  function drawInput() {
    const text = questionProblem(box.value);
    const stop = stops();
    say(problem, text);
    set(box, 'aria-invalid', text ? 'true' : null);
    act.disabled = !stop && (!box.value.trim() || Boolean(text));
    set(act, 'data-stops', stop);
    say(label, stop ? t('Stop') : running ? t('Ask next') : t('Ask'));
    set(act, 'title', stop ? t('Stop') : running ? t('Ask next (Enter)') : t('Ask (Enter)'));
    box.style.height = 'auto';
    box.style.height = `${box.scrollHeight}px`;
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  }

  /** @param {SubmitEvent} event */
  function onSubmit(event) {
    event.preventDefault();
    if (running && stops()) actions.stop(running);
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
      running = (conversation && inFlight(conversation, state.progress)?.id) ?? null;
      set(box, 'placeholder', conversation ? t('Ask a follow-up…') : t('Ask a question…'));
      scope.update(state);
      drawInput();
    },
  };
}

/** What is asked: chips that can be taken off, and how to choose. @param {Actions} actions */
function createScope(actions) {
  const chips = element('ul', { class: 'scope-chips', 'aria-label': t('Asked of') });
  const choose = button('scope', '', { class: 'plain', click: () => actions.show({ kind: 'scope' }) });
  const text = choose.lastElementChild ?? choose;
  /** @type {{id: string, title: string} | null} */
  let open = null;
  const only = button('file', t('Only this article'), { class: 'plain', click: () => open && actions.setScope({ articles: [open], tags: [], from: '', to: '' }) });
  const root = element('div', { class: 'scope' }, chips, choose, only);
  /** @type {Scope | null} */
  let drawn = null;

  return {
    element: root,
    /** @param {State} state */
    update(state) {
      const { scope, about } = state;
      const view = looking(state);
      open = view ? { id: view.sight.article_id, title: view.sight.title } : null;
      set(only, 'hidden', !open || scope.articles.some(({ id }) => id === open?.id));
      set(root, 'hidden', state.library.size < 2 && isWhole(scope) && !about?.tags.length);
      say(text, isWhole(scope) ? t('All articles') : t('Change'));
      if (scope === drawn) return;
      drawn = scope;
      fill(chips, ...parts(scope).map(({ said, without }) => chip(said, without)));
      set(chips, 'hidden', isWhole(scope));
    },
  };

  /** @param {string} said @param {Scope} without */
  function chip(said, without) {
    const remove = button('close', t('Ask without {what}', { what: said }), { class: 'plain', click: () => drop(without) }, { bare: true });
    return element('li', { class: 'scope-chip' }, element('span', { dir: 'auto' }, said), remove);
  }

  /** @param {Scope} scope */
  function drop(scope) {
    actions.setScope(scope);
    choose.focus();
  }
}

/**
 * Each condition, and the scope without it.
 * @param {Scope} scope
 */
function parts(scope) {
  const { articles, tags, from, to } = scope;
  const dates = datesSaid(from, to);
  return [
    ...articles.map((article) => ({ said: titled(article.title), without: { ...scope, articles: articles.filter((each) => each !== article) } })),
    ...tags.map((tag) => ({ said: tag, without: { ...scope, tags: tags.filter((each) => each !== tag) } })),
    ...(dates ? [{ said: dates, without: { ...scope, from: '', to: '' } }] : []),
  ];
}
