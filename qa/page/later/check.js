/**
 * Saved citations, checked against the library as it is now.
 */

/** @import {Citation, Verdict} from '../types.js' */
import * as effects from '../effects.js';
import { hashOf, library } from '../route.js';
import { t } from '../text.js';
import { element, fill } from '../views/element.js';
import { placeSpoken, titled } from '../words.js';

export function createCheck() {
  const file = element('input', { type: 'file', accept: '.json,.jsonld,application/json', change: onFile });
  const text = element('textarea', { rows: 4, dir: 'auto' });
  const result = element('ul', { class: 'verdicts', role: 'status', 'aria-label': t('What became of the citations') });
  const form = element(
    'form',
    { class: 'paste', submit: onSubmit },
    element('p', { class: 'quiet' }, t('A saved proof, or an answer or citation as JSON. It is told whether the words still stand where it says, have moved, or are gone.')),
    element('label', { class: 'field' }, element('span', {}, t('Saved file')), file),
    element('label', { class: 'field' }, element('span', {}, t('Or its text')), text),
    element('button', { type: 'submit', class: 'primary' }, t('Check')),
    result,
  );

  async function onFile() {
    const [chosen] = file.files ?? [];
    if (chosen) text.value = await chosen.text();
  }

  /** @param {SubmitEvent} event */
  async function onSubmit(event) {
    event.preventDefault();
    fill(result, ...(await verdicts(text.value)));
  }

  return form;
}

/** @param {string} text */
async function verdicts(text) {
  const citations = citationsIn(text);
  if (!citations.length) return [element('li', {}, t('There is no citation in it: choose a proof that was saved here.'))];
  try {
    const found = await effects.verify(citations);
    return found.map((verdict, i) => line(/** @type {Citation} */ (citations[i]), verdict));
  } catch (error) {
    return [element('li', {}, effects.failureOf(error).detail)];
  }
}

/** @param {string} text @returns {Citation[]} */
function citationsIn(text) {
  try {
    const value = JSON.parse(text);
    const all = Array.isArray(value) ? value : (value.citations ?? [value]);
    return all.filter((/** @type {any} */ each) => each && typeof each.quote === 'string' && typeof each.article_id === 'string');
  } catch {
    return [];
  }
}

/** @param {Citation} citation @param {Verdict} verdict */
function line(citation, { status, paragraph }) {
  const said = {
    valid: t('Holds: the words stand where it says.'),
    moved: t('Moved: the words stand in {place} now.', { place: placeSpoken({ paragraph: paragraph ?? 0 }) }),
    gone: t('Gone: the words are in the library no more.'),
  }[status];
  return element(
    'li',
    { 'data-status': status },
    element('strong', {}, said),
    ' ',
    element('q', { dir: 'auto' }, citation.quote),
    ' ',
    status === 'gone'
      ? element('span', { class: 'quiet', dir: 'auto' }, titled(citation.title))
      : element('a', { href: hashOf(library(citation.article_id)), dir: 'auto' }, titled(citation.title)),
  );
}
