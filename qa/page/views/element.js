/**
 * Elements out of attributes and children. Text becomes text nodes, whatever it holds.
 */

import { t } from '../text.js';

/** @typedef {Node | string | null | false} Child */
/** @typedef {Record<string, string | number | boolean | null | ((event: any) => void)>} Attributes */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Attributes that are functions listen to the event they are named after; those that are null or
 * false are left out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name, value);
    else set(made, name, value);
  }
  made.append(...present(children));
  return made;
}

/**
 * @param {Element} on
 * @param {string} name
 * @param {string | number | boolean | null} value
 */
export function set(on, name, value) {
  if (value === null || value === false) on.removeAttribute(name);
  else if (on.getAttribute(name) !== String(value)) {
    on.setAttribute(name, value === true ? '' : String(value));
  }
}

/**
 * @param {Element} parent
 * @param {...Child} children
 */
export function fill(parent, ...children) {
  parent.replaceChildren(...present(children));
}

/**
 * Changes nothing when the text is there already.
 * @param {Node} node
 * @param {string} text
 */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** What scrolls for an element; magnified, it is what stands around it. @param {HTMLElement} of */
export function scrollerOf(of) {
  return getComputedStyle(of).overflowY === 'visible' && of.parentElement ? of.parentElement : of;
}

/** @param {Child[]} children @returns {(Node | string)[]} */
function present(children) {
  return children.filter((child) => child !== null && child !== false);
}

/** @param {string} name */
export function icon(name) {
  const drawing = document.createElementNS(SVG, 'svg');
  drawing.setAttribute('class', 'icon');
  drawing.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#icon-${name}`);
  drawing.append(use);
  return drawing;
}

/** @param {string[]} [names] */
export function tags(names = []) {
  if (!names.length) return null;
  const each = names.map((name) => element('li', { dir: 'auto' }, name));
  return element('ul', { class: 'tags', 'aria-label': t('Tags') }, ...each);
}

/**
 * Quoted words; a screen reader says where they begin and end.
 * @param {Attributes} attributes
 * @param {...Child} children
 */
export function mark(attributes, ...children) {
  const cues = { 'data-begin': t('quoted words:'), 'data-end': t('end of the quoted words') };
  return element('mark', { ...cues, ...attributes }, ...children);
}

/**
 * A button with an icon and a label; the label may be for screen readers only.
 * @param {string} name
 * @param {string} label
 * @param {Attributes} attributes
 * @param {{bare?: boolean}} [look]
 */
export function button(name, label, attributes, { bare = false } = {}) {
  const text = bare ? { class: 'unseen' } : {};
  const all = { type: 'button', title: bare ? label : null, ...attributes };
  return element('button', all, icon(name), element('span', text, label));
}
