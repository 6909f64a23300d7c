/** @import {Actions, Dialog, State} from '../types.js' */
import { conversationOf } from '../state.js';
import { plural, t } from '../text.js';
import { titled } from '../words.js';
import { element, fill, set } from './element.js';

/** @param {Actions} actions */
export function createDialogs(actions) {
  /** @type {Dialog | null} */
  let drawn = null;
  let knowing = false;
  const root = element('dialog', { class: 'dialog', 'aria-labelledby': 'dialog-title', close: onClose });

  function onClose() {
    if (!root.open) actions.show(null);
  }

  return {
    element: root,
    isOpen: () => root.open,
    /** @param {State} state */
    update(state) {
      // What is known of the library may come after a dialog that shows it.
      const late = !knowing && state.about && (drawn?.kind === 'scope' || drawn?.kind === 'about');
      if (state.dialog === drawn && !late) return;
      const before = drawn;
      drawn = state.dialog;
      knowing = Boolean(state.about);
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
    case 'about':
      return about(actions, state);
    case 'scope':
      return scope(actions, state);
    case 'export':
      return saving(actions, state, dialog.id);
    case 'tags':
      return tagging(actions, state, dialog.id);
    case 'rate':
      return rating(actions, dialog.conversation, dialog.turn);
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
    ['Enter', t('Ask')],
    ['Shift + Enter', t('A new line')],
    ['/', t('Go to the question box; in the library, to its search')],
    ['Esc', t('Close the article')],
    ['?', t('Show these keys')],
  ];
  const list = rows.flatMap(([key, what]) => [element('dt', {}, element('kbd', {}, key ?? '')), element('dd', {}, what ?? '')]);
  const box = element('input', { type: 'checkbox', change: () => actions.setShortcuts(box.checked) });
  box.checked = shortcuts;
  return [
    title(t('Keys')),
    element('dl', { class: 'keys' }, ...list),
    element('label', { class: 'check' }, box, t('Use / and ? as keys')),
    element('div', { class: 'dialog-foot' }, cancel(actions, t('Close'))),
  ];
}

/** @param {Actions} actions @param {State} state @param {string} id */
function rename(actions, state, id) {
  const name = conversationOf(state, id)?.title ?? '';
  const input = element('input', { value: name, required: true, maxlength: 200, 'aria-label': t('Name'), dir: 'auto', focus: () => input.select() });
  const act = () => input.checkValidity() && actions.rename(id, input.value);
  return [
    title(t('Rename the conversation')),
    input,
    element('div', { class: 'dialog-foot' }, cancel(actions, t('Cancel')), element('button', { class: 'primary', value: 'ok', click: act }, t('Rename'))),
  ];
}

/** @param {Actions} actions @param {State} state @param {string} id */
function remove(actions, state, id) {
  const conversation = conversationOf(state, id);
  const name = conversation?.title ?? '';
  const turns = plural(conversation?.turns.length ?? 0, 'one question', '{n} questions');
  return [
    title(t('Delete the conversation?')),
    element('p', {}, t('“{title}” with {turns} will be gone from this browser. It cannot be brought back.', { title: name, turns })),
    confirm(actions, t('Delete'), () => actions.remove(id)),
  ];
}

/** @param {Actions} actions @param {State} state */
function about(actions, { about: known }) {
  const facts = known
    ? [
        [t('Version'), known.version],
        [t('Library'), `${plural(known.articles, '1 article', '{n} articles')}, ${plural(known.paragraphs, '1 paragraph', '{n} paragraphs')}`],
        [t('Finds with'), known.models.embedder],
        [t('Reads with'), known.models.reader],
      ]
    : [];
  return [
    title(t('About Pullquote')),
    element('p', {}, t('It answers questions in the articles’ own words and shows where they stand, so that you can check.')),
    element('ul', { class: 'limits' }, ...[
      t('It writes nothing itself: no summaries, no translations, no sums in its own words.'),
      t('It knows nothing but the articles in this library, and does not ask the web.'),
      t('An article can be wrong: a quote is true to the article, not to the world.'),
      t('Questions and articles stay with this service. What you asked is kept in this browser.'),
    ].map((text) => element('li', {}, text))),
    element('dl', { class: 'facts' }, ...facts.flatMap(([name, value]) => [element('dt', {}, name ?? ''), element('dd', {}, value ?? '')])),
    element('div', { class: 'dialog-foot' }, cancel(actions, t('Close'))),
  ];
}

/** @param {Actions} actions @param {State} state */
function scope(actions, { scope: chosen, about: known }) {
  const names = [...new Set([...(known?.tags ?? []), ...chosen.tags])];
  const boxes = names.map((name) => {
    const box = element('input', { type: 'checkbox', value: name });
    box.checked = chosen.tags.includes(name);
    return box;
  });
  const from = element('input', { type: 'date', value: chosen.from, change: () => set(to, 'min', from.value) });
  const to = element('input', { type: 'date', value: chosen.to, min: chosen.from });
  const kept = chosen.articles.map((article) => {
    const box = element('input', { type: 'checkbox' });
    box.checked = true;
    return { article, box };
  });

  function use() {
    if (!to.checkValidity()) return;
    const articles = kept.filter(({ box }) => box.checked).map(({ article }) => article);
    const tags = boxes.filter(({ checked }) => checked).map(({ value }) => value);
    actions.setScope({ articles, tags, from: from.value, to: to.value });
    actions.show(null);
  }

  return [
    title(t('Which articles to ask')),
    kept.length ? element('fieldset', { class: 'checks' }, element('legend', {}, t('Articles')), ...kept.map(({ article, box }) => check(box, titled(article.title)))) : null,
    names.length ? element('fieldset', { class: 'checks' }, element('legend', {}, t('With one of these tags')), ...boxes.map((box) => check(box, box.value))) : null,
    element(
      'fieldset',
      { class: 'dates' },
      element('legend', {}, t('Published')),
      element('label', { class: 'field' }, element('span', {}, t('From')), from),
      element('label', { class: 'field' }, element('span', {}, t('To')), to),
    ),
    element('p', { class: 'quiet' }, t('Single articles are chosen in the library, or by “Only this article” when one is open.')),
    element('div', { class: 'dialog-foot' }, cancel(actions, t('Cancel')), element('button', { class: 'primary', value: 'ok', click: use }, t('Ask these'))),
  ];
}

/** @param {HTMLElement} box @param {string} label */
function check(box, label) {
  return element('label', { class: 'check' }, box, element('span', { dir: 'auto' }, label));
}

/** @param {Actions} actions @param {State} state @param {string} id */
function tagging(actions, state, id) {
  const article = state.library.articles.find((each) => each.id === id) ?? state.reading?.article;
  const input = element('input', { value: (article?.tags ?? []).join(', '), dir: 'auto', 'aria-label': t('Tags, with commas between'), focus: () => input.select() });
  const act = () => actions.setTags(id, [...new Set(input.value.split(',').map((tag) => tag.trim()).filter(Boolean))]);
  return [
    title(t('Tags of {title}', { title: titled(article?.title) })),
    input,
    element('p', { class: 'quiet' }, t('With commas between. Questions can be put to the articles of a tag.')),
    element('div', { class: 'dialog-foot' }, cancel(actions, t('Cancel')), element('button', { class: 'primary', value: 'ok', click: act }, t('Keep'))),
  ];
}

/** @param {Actions} actions @param {string} conversation @param {string} turn */
function rating(actions, conversation, turn) {
  const reasons = [t('The words do not answer the question'), t('Another article or place says it'), t('The articles do say it'), t('Something else')];
  const radios = reasons.map((reason, i) => element('input', { type: 'radio', name: 'reason', value: reason, checked: i === 0 }));
  const more = element('input', { 'aria-label': t('More about it (optional)'), placeholder: t('More about it (optional)'), dir: 'auto', maxlength: 500 });
  const act = () => {
    const chosen = radios.find(({ checked }) => checked)?.value ?? '';
    actions.rate(conversation, turn, { good: false, reason: [chosen, more.value.trim()].filter(Boolean).join(': ') });
  };
  return [
    title(t('What is wrong with it?')),
    element('fieldset', { class: 'checks' }, element('legend', { class: 'unseen' }, t('Reason')), ...radios.map((radio) => check(radio, radio.value))),
    more,
    element('p', { class: 'quiet' }, t('It is kept in this browser, and can be exported as “my questions”.')),
    element('div', { class: 'dialog-foot' }, cancel(actions, t('Cancel')), element('button', { class: 'primary', value: 'ok', click: act }, t('Keep'))),
  ];
}

/** @param {Actions} actions @param {State} state @param {string | null} id */
function saving(actions, { conversations }, id) {
  const forms = [
    ['markdown', 'Markdown'],
    ['docx', 'Word (DOCX)'],
    ['csl', t('Bibliography: CSL-JSON')],
    ['bibtex', t('Bibliography: BibTeX')],
    ['ris', t('Bibliography: RIS')],
    ['annotations', t('Places: W3C Web Annotations')],
    ['questions', t('My questions, as an evaluation set')],
  ];
  const all = element('input', { type: 'checkbox' });
  all.checked = id === null;
  const which = conversations.length > 1 ? check(all, t('All {n} conversations', { n: conversations.length })) : null;
  const each = forms.map(([form, label]) =>
    element('li', {}, element('button', { type: 'button', class: 'suggestion', click: () => actions.save(all.checked ? null : id, form ?? '') }, label ?? '')),
  );
  return [
    title(t('Export')),
    element('ul', { class: 'suggestions' }, ...each),
    id === null ? null : which,
    element('div', { class: 'dialog-foot' }, cancel(actions, t('Cancel'))),
  ];
}

/** @param {Actions} actions @param {string} detail */
function key(actions, detail) {
  const input = element('input', {
    type: 'password',
    autocomplete: 'off',
    required: true,
    pattern: '[!-~]+', // no header takes other characters
    'aria-label': t('API key'),
    'aria-describedby': 'key-asked',
  });
  const act = () => input.checkValidity() && actions.unlock(input.value);
  return [
    title(t('The service asks for an API key')),
    element('p', { class: 'quiet', id: 'key-asked' }, detail),
    input,
    element('p', { class: 'quiet' }, t('It is kept in this browser only, and sent to this service only.')),
    element('div', { class: 'dialog-foot' }, cancel(actions, t('Cancel')), element('button', { class: 'primary', value: 'ok', click: act }, t('Use the key'))),
  ];
}

/** @param {Actions} actions @param {string} label @param {() => void} act */
function confirm(actions, label, act) {
  return element(
    'div',
    { class: 'dialog-foot' },
    cancel(actions, t('Cancel')),
    element('button', { class: 'danger', value: 'ok', click: act }, label),
  );
}
