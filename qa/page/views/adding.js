/** @import {Actions, Chosen, Intake, State} from '../types.js' */
import { hashOf, library } from '../route.js';
import { isAdding, secondsLeft, takenCounts } from '../state.js';
import { plural, t } from '../text.js';
import { progressOf, tally, titled } from '../words.js';
import { button, element, fill, icon, say, set } from './element.js';

/** Refusals that are shown one by one. */
const SHOWN = 200;

/** Ways into the library, and what has become of what was sent. @param {Actions} actions */
export function createAdding(actions) {
  const files = chooser(actions, 'files', {});
  const folder = chooser(actions, 'folder', { webkitdirectory: true });
  const drop = element(
    'div',
    { class: 'drop' },
    icon('file'),
    element(
      'p',
      {},
      element('label', { class: 'link', for: 'files' }, t('Choose files')),
      ' · ',
      element('label', { class: 'link', for: 'folder' }, t('Choose a folder')),
    ),
    element('p', { class: 'quiet' }, t('Or drop them anywhere on this page. What cannot be read is not added, and the reason is told.')),
  );
  const web = createAddress(actions);
  const intakes = createIntakes(actions);
  const missing = createMissing(actions);
  const root = element('div', { class: 'adding' }, files, folder, drop, createPaste(actions), web, missing.element, intakes.element);

  return {
    element: root,
    /** @param {State} state */
    update(state) {
      set(web, 'hidden', !state.about?.fetches);
      missing.update(state);
      intakes.update(state);
    },
  };
}

/** @param {Actions} actions @param {string} id @param {Record<string, boolean>} more */
function chooser(actions, id, more) {
  const label = id === 'folder' ? t('Choose a folder') : t('Choose files');
  const input = element('input', { type: 'file', multiple: true, class: 'unseen', id, 'aria-label': label, change: onChange, ...more });

  function onChange() {
    /** @type {Chosen[]} */
    const chosen = [...(input.files ?? [])].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
    if (chosen.length) void actions.addFiles(chosen);
    input.value = '';
  }

  return input;
}

/** One line for all that is on its way or has come; what was refused stands behind it. @param {Actions} actions */
function createIntakes(actions) {
  const said = element('p', { class: 'intake-said', role: 'status' });
  const now = element('p', { class: 'quiet intake-now' });
  const close = button('close', t('Dismiss'), { class: 'plain', click: () => actions.forgetIntakes() }, { bare: true });
  const bar = element('progress', { 'aria-label': t('Adding articles') });
  const refused = element('ul', { class: 'refused', 'aria-label': t('Not added') });
  const summary = element('summary', {});
  const details = element('details', { class: 'more' }, summary, refused);
  const ask = element('div', { class: 'ask-about' });
  const root = element('section', { class: 'intakes', 'aria-label': t('What was added') }, element('div', { class: 'intake-head' }, said, close), now, bar, details, ask);
  /** @type {unknown[]} */
  let drawn = [];

  return {
    element: root,
    /** @param {State} state */
    update(state) {
      const { intakes, articleSuggestions } = state;
      set(root, 'hidden', !intakes.length);
      if (drawn[0] === intakes && drawn[1] === articleSuggestions) return;
      drawn = [intakes, articleSuggestions];
      const adding = isAdding(state);
      const finished = intakes.filter(({ status }) => status === 'done' || status === 'refused').length;
      say(said, adding ? progressOf(intakes, secondsLeft(state, Date.now())) : `${tally(takenCounts(state))}.`);
      say(now, intakes.find(({ status }) => status === 'sending')?.name ?? '');
      set(now, 'hidden', !adding);
      set(said, 'aria-live', adding ? 'off' : null); // hundreds of figures are too many to hear
      set(close, 'hidden', adding);
      set(bar, 'hidden', !adding);
      set(bar, 'max', intakes.length || 1);
      // One alone says nothing of how far it is.
      set(bar, 'value', intakes.length > 1 ? finished : null);
      drawRefused(intakes);
      fill(ask, ...(adding ? [] : askAbout(actions, state)));
    },
  };

  /** @param {Intake[]} intakes */
  function drawRefused(intakes) {
    const all = intakes.flatMap(({ name, refused: each }) => each.map((one) => ({ name: one.name || name, reason: one.reason })));
    if (all.length === refused.childElementCount) return;
    set(details, 'hidden', !all.length);
    details.open = all.length <= 5;
    say(summary, plural(all.length, '1 was not added', '{n} were not added'));
    const shown = all.slice(0, SHOWN).map(({ name, reason }) =>
      element('li', {}, icon('refused'), element('span', { class: 'intake-name', dir: 'auto' }, name), element('span', { class: 'quiet' }, reason)),
    );
    const rest = all.length > SHOWN ? element('li', {}, plural(all.length - SHOWN, 'and one more', 'and {n} more')) : null;
    fill(refused, ...shown, rest);
  }
}

/** What can be asked of the article that came last. @param {Actions} actions @param {State} state */
function askAbout(actions, { intakes, articleSuggestions }) {
  const last = intakes.flatMap(({ taken }) => taken).at(-1);
  if (!last || articleSuggestions?.id !== last.id) return [];
  const article = { id: last.id, title: last.title };
  const questions = articleSuggestions.questions.map((question) =>
    element('li', {}, element('button', { type: 'button', class: 'suggestion', dir: 'auto', click: () => actions.askArticle(article, question) }, question)),
  );
  const link = element('a', { href: hashOf(library(last.id)), dir: 'auto' }, titled(last.title));
  return [
    element('p', {}, t('Ask about it:'), ' ', link),
    questions.length ? element('ul', { class: 'suggestions', 'aria-label': t('Questions about the article') }, ...questions) : null,
  ];
}

/** What was on its way when the page was left. @param {Actions} actions */
function createMissing(actions) {
  const said = element('span', {});
  const list = element('ul', { class: 'refused', 'aria-label': t('Files that were not sent') });
  const root = element(
    'section',
    { class: 'intakes missing-files' },
    element('div', { class: 'intake-head' }, element('p', { class: 'intake-said', role: 'status' }, said), button('close', t('Dismiss'), { class: 'plain', click: () => actions.forgetMissing() }, { bare: true })),
    element('details', { class: 'more' }, element('summary', {}, t('Which ones')), list),
    element('p', {}, element('label', { class: 'link', for: 'files' }, t('Choose them again')), ' · ', element('label', { class: 'link', for: 'folder' }, t('Choose the folder again'))),
  );
  /** @type {string[] | null} */
  let drawn = null;

  return {
    element: root,
    /** @param {State} state */
    update({ missing }) {
      set(root, 'hidden', !missing.length);
      if (missing === drawn) return;
      drawn = missing;
      say(said, plural(missing.length, 'One file was not sent, because the page was left.', '{n} files were not sent, because the page was left.'));
      fill(list, ...missing.slice(0, SHOWN).map((name) => element('li', { dir: 'auto' }, name)));
    },
  };
}

/** @param {Actions} actions */
function createPaste(actions) {
  const text = element('textarea', { name: 'text', rows: 6, required: true, dir: 'auto' });
  const form = element(
    'form',
    { class: 'paste', submit: onSubmit },
    field(t('Text'), text),
    field(t('Title (optional)'), element('input', { name: 'title', dir: 'auto' })),
    field(t('Web address (optional)'), element('input', { name: 'source', type: 'url', placeholder: 'https://' })),
    field(t('Published (optional)'), element('input', { name: 'published', type: 'date' })),
    element('button', { type: 'submit', class: 'primary' }, t('Add the article')),
  );
  const root = element('details', { class: 'more' }, element('summary', {}, t('Paste a text instead')), form);

  /** @param {SubmitEvent} event */
  async function onSubmit(event) {
    event.preventDefault();
    const given = [...new FormData(form)].filter(([, value]) => String(value).trim());
    const taken = await actions.addText({ text: text.value, ...Object.fromEntries(given) });
    if (!taken) return;
    form.reset();
    root.open = false;
  }

  return root;
}

/** @param {Actions} actions */
function createAddress(actions) {
  const url = element('input', { type: 'url', required: true, placeholder: 'https://' });
  const form = element(
    'form',
    { class: 'paste', submit: onSubmit },
    field(t('Address of a page or feed'), url),
    element('button', { type: 'submit', class: 'primary' }, t('Fetch and add')),
  );
  const root = element('details', { class: 'more' }, element('summary', {}, t('Add from the web')), form);

  /** @param {SubmitEvent} event */
  async function onSubmit(event) {
    event.preventDefault();
    if (await actions.addAddress(url.value)) form.reset();
  }

  return root;
}

/** @param {string} label @param {HTMLElement} input */
function field(label, input) {
  return element('label', { class: 'field' }, element('span', {}, label), input);
}
