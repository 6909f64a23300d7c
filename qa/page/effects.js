/**
 * All that reaches outside the page: the service, the browser's storage, the clipboard, the
 * address, the clock. Nothing else does.
 */

/**
 * @import {
 *   Answer, Article, ArticleText, Citation, Conversation, EarlierTurn, Failure, Listing, Passage, Refused,
 *   Taken, Theme, Verdict
 * } from './types.js'
 */
import { takeEvents } from './events.js';

/** Articles listed at once. */
const PAGE = 100;

const LOST = 'The service cannot be reached. Check that it is running and that you are connected.';
const CUT_OFF = 'The connection broke before the answer was complete.';

/** A request that failed, in words for the person. */
export class RequestFailed extends Error {
  /** @param {string} detail @param {{lost?: boolean, starting?: boolean}} [how] */
  constructor(detail, { lost = false, starting = false } = {}) {
    super(detail);
    this.failure = { detail, lost, starting };
  }
}

/**
 * @param {unknown} error
 * @returns {Failure}
 */
export function failureOf(error) {
  if (error instanceof RequestFailed) return error.failure;
  throw error;
}

/** @param {unknown} error */
export function wasStopped(error) {
  return error instanceof DOMException && error.name === 'AbortError';
}

/* ---- the service ---- */

/**
 * Asks, and tells of each stage as it comes. Throws `RequestFailed`, or `AbortError` when stopped.
 * @param {{question: string, conversation: EarlierTurn[]}} asked
 * @param {(passages: Passage[]) => void} onPassages
 * @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 */
export async function ask({ question, conversation }, onPassages, signal) {
  const body = conversation.length ? { question, conversation } : { question };
  const response = await request('/v1/ask/stream', { method: 'POST', ...json(body), signal });
  let answer = null;
  for await (const { event, data } of events(response)) {
    const value = JSON.parse(data);
    if (event === 'passages') onPassages(Array.isArray(value) ? value : value.passages);
    if (event === 'answer') answer = value;
    if (event === 'error') throw new RequestFailed(value.detail ?? CUT_OFF);
    if (event === 'done' && answer) return answer;
  }
  throw new RequestFailed(CUT_OFF, { lost: true });
}

/** @param {Response} response */
async function* events(response) {
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  for (;;) {
    const { done, value } = await reader.read().catch(explained);
    if (done) return;
    const { events: complete, rest } = takeEvents(buffer + value);
    buffer = rest;
    yield* complete;
  }
}

/**
 * Some of the articles, by title.
 * @param {string} find
 * @param {number} offset
 * @returns {Promise<Listing>}
 */
export function articles(find, offset) {
  const query = new URLSearchParams({ q: find, limit: String(PAGE), offset: String(offset) });
  return readJson(`/v1/articles?${query}`);
}

/** @param {string} id @returns {Promise<Article>} */
export function article(id) {
  return readJson(`/v1/articles/${encodeURIComponent(id)}`);
}

/** @param {ArticleText | {url: string}} fields */
export function add(fields) {
  return takeIn(json(fields));
}

/** @param {File} file */
export function addFile(file) {
  const body = new FormData();
  body.append('file', file, file.name);
  return takeIn({ body });
}

/**
 * One article, or what became of each of many.
 * @param {RequestInit} options
 * @returns {Promise<{taken: Taken[], refused: Refused[]}>}
 */
async function takeIn(options) {
  const body = await readJson('/v1/articles', { method: 'POST', ...options });
  return { taken: Array.isArray(body) ? body : (body.articles ?? [body]), refused: body.refused ?? [] };
}

/** @param {string} id */
export async function removeArticle(id) {
  await request(`/v1/articles/${encodeURIComponent(id)}`, { method: 'DELETE' });
}

/** @param {Citation} citation @returns {Promise<Verdict>} */
export async function verify(citation) {
  const body = { citations: [citation] };
  const answer = await readJson('/v1/citations/verify', { method: 'POST', ...json(body) });
  return answer.verdicts[0];
}

/** Questions that the library can answer; none when the service has none to offer. */
export async function suggestions() {
  const body = await readJson('/v1/suggestions').catch(() => ({ questions: [] }));
  return /** @type {string[]} */ (body.questions);
}

/** Whether the service can answer now. */
export async function isReady() {
  return fetch('/readyz').then(
    (response) => response.ok,
    () => false,
  );
}

/** @param {object} body */
function json(body) {
  return { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

/** @param {string} path @param {RequestInit} [options] */
async function readJson(path, options) {
  const response = await request(path, options);
  return response.json().catch(explained);
}

/**
 * The key to try next when one is needed, "" for none, or null to give up.
 * @typedef {(detail: string, tried: string) => Promise<string | null>} OnLocked
 */

/** @type {OnLocked} */
let locked = async () => null;

/** @param {OnLocked} next */
export function onLocked(next) {
  locked = next;
}

/** @param {string} path @param {RequestInit} [options] */
async function request(path, options) {
  for (let key = read(KEY) ?? ''; ; ) {
    const response = await fetch(path, withKey(key, options)).catch(explained);
    if (response.ok) return response;
    const detail = await problem(response);
    const next = response.status === 401 ? await locked(detail, key) : null;
    if (next === null) throw new RequestFailed(detail, { starting: response.status === 503 });
    key = next;
  }
}

/** @param {string} key @param {RequestInit} [options] */
function withKey(key, options = {}) {
  if (!key) return options;
  return { ...options, headers: { ...options.headers, Authorization: `Bearer ${key}` } };
}

/**
 * A refusal in the service's own words (RFC 9457).
 * @param {Response} response
 */
async function problem(response) {
  const body = await response.json().catch(() => null);
  return String(body?.detail || body?.title || `The service answered with status ${response.status}.`);
}

/** @param {unknown} error @returns {never} */
function explained(error) {
  if (wasStopped(error)) throw error;
  throw new RequestFailed(LOST, { lost: true });
}

/* ---- what the browser keeps ---- */

const CONVERSATION = 'pullquote.conversation.';
const KEY = 'pullquote.key';
const THEME = 'pullquote.theme';
const SHORTCUTS = 'pullquote.shortcuts';

/** @returns {Conversation[]} */
export function keptConversations() {
  return keys().flatMap((key) => parsed(read(key)) ?? []);
}

/** @param {string} id @returns {Conversation | null} */
export function keptConversation(id) {
  return parsed(read(CONVERSATION + id));
}

/**
 * Whether it could be kept; the browser's storage may be full or forbidden.
 * @param {Conversation} conversation
 */
export function keep(conversation) {
  return write(CONVERSATION + conversation.id, JSON.stringify(conversation));
}

/** @param {string} id */
export function forget(id) {
  drop(CONVERSATION + id);
}

export function keepsKey() {
  return Boolean(read(KEY));
}

/** @param {string} key */
export function keepKey(key) {
  write(KEY, key);
}

export function forgetKey() {
  drop(KEY);
}

/** @returns {Theme} */
export function keptTheme() {
  const theme = read(THEME);
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

/** @param {Theme} theme */
export function keepTheme(theme) {
  write(THEME, theme);
}

export function keptShortcuts() {
  return read(SHORTCUTS) !== 'off';
}

/** @param {boolean} on */
export function keepShortcuts(on) {
  write(SHORTCUTS, on ? 'on' : 'off');
}

/**
 * What another tab has changed: a conversation, or null with the id of one that it deleted.
 * @param {(id: string, conversation: Conversation | null) => void} changed
 */
export function onOtherTab(changed) {
  addEventListener('storage', ({ key, newValue }) => {
    if (key?.startsWith(CONVERSATION)) changed(key.slice(CONVERSATION.length), parsed(newValue));
  });
}

function keys() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(CONVERSATION));
  } catch {
    return [];
  }
}

/** @param {string} key */
function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string} value */
function write(key, value) {
  try {
    localStorage.setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} key */
function drop(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing can be kept, so nothing was.
  }
}

/** @param {string | null} text @returns {Conversation | null} */
function parsed(text) {
  try {
    const value = JSON.parse(text ?? 'null');
    return value && typeof value.id === 'string' && Array.isArray(value.turns) ? value : null;
  } catch {
    return null;
  }
}

/* ---- the address ---- */

export function hash() {
  return location.hash;
}

/** @param {string} to */
export function go(to) {
  history.pushState({ depth: 0 }, '', to);
}

/** @param {string} to */
export function replace(to) {
  history.replaceState(history.state, '', to);
}

/** How many steps back an article was opened at this place; null where a link has just led. */
export function depth() {
  return /** @type {number | null} */ (history.state?.depth ?? null);
}

/** @param {number} depth */
export function setDepth(depth) {
  history.replaceState({ depth }, '');
}

/** @param {number} steps */
export function back(steps) {
  history.go(-steps);
}

/** @param {(hash: string) => void} moved */
export function onMove(moved) {
  addEventListener('popstate', () => moved(location.hash));
}

/** @param {string} to */
export function addressOf(to) {
  return new URL(to, location.href).href;
}

/* ---- the rest of the browser ---- */

/** @param {string} text @returns {Promise<boolean>} */
export async function copy(text) {
  if (navigator.clipboard) {
    const copied = navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    if (await copied) return true;
  }
  return copySelected(text);
}

/**
 * The old way, for pages that are not served from this machine nor over HTTPS.
 * @param {string} text
 */
function copySelected(text) {
  const box = document.createElement('textarea');
  box.value = text;
  const focused = document.activeElement;
  document.body.append(box);
  box.select();
  const copied = document.execCommand('copy');
  box.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}

/** @param {string} name @param {string} text */
export function download(name, text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/markdown' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function now() {
  return Date.now();
}

/** @param {number} seconds */
export function wait(seconds) {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
