/**
 * All that reaches outside the page: the service, the browser's storage, the clipboard, the
 * address, the clock. Nothing else does.
 */

/**
 * @import {
 *   About, Answer, Article, ArticleText, Chosen, Citation, Conversation, EarlierTurn, Failure, Listing,
 *   Passage, Problem, Refused, Sort, Taken, Theme, Verdict
 * } from './types.js'
 */
/** @import {Language} from './text.js' */
import { takeEvents } from './events.js';
import { t } from './text.js';
import { plainly } from './words.js';

/** Articles listed at once. */
const PAGE = 100;

/** A request that failed, in words for the person. */
export class RequestFailed extends Error {
  /** @param {string} detail @param {Partial<Failure>} [how] */
  constructor(detail, { lost = false, starting = false, busy = null } = {}) {
    super(detail);
    this.failure = { detail, lost, starting, busy };
  }
}

function lost() {
  return new RequestFailed(t('The service cannot be reached. Check that it is running and that you are connected.'), { lost: true });
}

/** @param {boolean} [isLost] */
function cutOff(isLost = false) {
  return new RequestFailed(t('The connection broke before the answer was complete.'), { lost: isLost });
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

/**
 * A script that is fetched only now.
 * @template Module
 * @param {Promise<Module>} script
 */
export function loaded(script) {
  return script.catch(() => {
    throw lost();
  });
}

/* ---- the service ---- */

/**
 * Asks, and tells of each stage as it comes. Throws `RequestFailed`, or `AbortError` when stopped.
 * @param {{question: string, conversation: EarlierTurn[], filters: object | null}} asked
 * @param {(passages: Passage[]) => void} onPassages
 * @param {AbortSignal} [signal]
 * @returns {Promise<Answer>}
 */
export async function ask({ question, conversation, filters }, onPassages, signal) {
  const body = { question, ...(conversation.length && { conversation }), ...(filters && { filters }) };
  const response = await request('/v1/ask/stream', { method: 'POST', ...json(body), ...(signal && { signal }) });
  let answer = null;
  for await (const { event, data } of events(response)) {
    const value = JSON.parse(data);
    if (event === 'passages') onPassages(Array.isArray(value) ? value : value.passages);
    if (event === 'answer') answer = value;
    if (event === 'error') throw value.detail ? refusal(problemOf(value, 0)) : cutOff();
    if (event === 'done' && answer) return answer;
  }
  throw cutOff(true);
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
 * Some of the articles.
 * @param {string} find
 * @param {Sort} sort
 * @param {number} offset
 * @returns {Promise<Listing>}
 */
export function articles(find, sort, offset) {
  const query = new URLSearchParams({ q: find, sort, limit: String(PAGE), offset: String(offset) });
  return readJson(`/v1/articles?${query}`);
}

/** What the service is, or null when it does not say. @returns {Promise<About | null>} */
export function about() {
  return readJson('/v1/about').catch(() => null);
}

/** @param {string} id @returns {Promise<Article>} */
export function article(id) {
  return readJson(`/v1/articles/${encodeURIComponent(id)}`);
}

/** @param {ArticleText | {url: string}} fields */
export function add(fields) {
  return takeIn(json(fields));
}

/** @param {Chosen} chosen */
export async function addFile({ file, path }) {
  const readable = await file.slice(0, 1).arrayBuffer().then(
    () => true,
    () => false,
  );
  if (!readable) throw new RequestFailed(t('It cannot be read: it may have been moved or changed since.'));
  const body = new FormData();
  body.append('file', file, file.name);
  // Two files of one name in different folders are two articles.
  if (path !== file.name) body.append('source', path);
  return takeIn({ body });
}

/**
 * The files that were dropped, with those in folders and their folders.
 * @param {DataTransfer} dropped
 * @returns {Promise<Chosen[]>}
 */
export async function droppedFiles(dropped) {
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (!entries.length) return [...dropped.files].map((file) => ({ file, path: file.name }));
  const all = await Promise.all(entries.map(filesOf));
  return all.flat();
}

/** @param {FileSystemEntry} entry @returns {Promise<Chosen[]>} */
async function filesOf(entry) {
  if (entry.isFile) {
    const one = /** @type {FileSystemFileEntry} */ (entry);
    const path = entry.fullPath.replace(/^\//, '');
    /** @type {File} */
    const file = await new Promise((resolve) => one.file(resolve, () => resolve(new File([], entry.name))));
    return [{ file, path }];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  const found = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (!some.length) break;
    found.push(...some);
  }
  const all = await Promise.all(found.map(filesOf));
  return all.flat();
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

/** @param {string} id @param {{keepalive?: boolean}} [how] Kept alive, it is sent even as the page is left. */
export async function removeArticle(id, { keepalive = false } = {}) {
  await request(`/v1/articles/${encodeURIComponent(id)}`, { method: 'DELETE', keepalive });
}

/** @param {string} id @param {string[]} tags @returns {Promise<Taken>} */
export function setTags(id, tags) {
  return readJson(`/v1/articles/${encodeURIComponent(id)}`, { method: 'PATCH', ...json({ tags }) });
}

/** @param {Citation[]} citations @returns {Promise<Verdict[]>} */
export async function verify(citations) {
  const answer = await readJson('/v1/citations/verify', { method: 'POST', ...json({ citations }) });
  return answer.verdicts;
}

/**
 * Questions that the library, or one article, can answer; none when the service has none to offer.
 * @param {string} [article]
 * @returns {Promise<string[]>}
 */
export async function suggestions(article) {
  const query = article ? `?${new URLSearchParams({ article_id: article })}` : '';
  const body = await readJson(`/v1/suggestions${query}`).catch(() => ({ questions: [] }));
  return body.questions;
}

/**
 * Conversations as a Word file.
 * @param {object} document
 * @returns {Promise<Blob>}
 */
export async function docx(document) {
  const response = await request('/v1/export/docx', { method: 'POST', ...json(document) });
  return response.blob();
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
    const body = await response.json().catch(() => ({}));
    const problem = problemOf(body, response.status, response.headers);
    const next = response.status === 401 ? await locked(plainly(problem), key) : null;
    if (next === null) throw refusal(problem);
    key = next;
  }
}

/** @param {string} key @param {RequestInit} [options] */
function withKey(key, options = {}) {
  if (!key) return options;
  return { ...options, headers: { ...options.headers, Authorization: `Bearer ${key}` } };
}

/**
 * @param {{type?: unknown, status?: unknown, detail?: unknown, title?: unknown}} body
 * @param {number} status
 * @param {Headers} [headers]
 * @returns {Problem}
 */
function problemOf(body, status, headers) {
  const kind = String(body.type ?? '').split(':').at(-1) ?? '';
  const detail = String(body.detail || body.title || '');
  return { kind, status: Number(body.status) || status, detail, seconds: Number(headers?.get('Retry-After')) || 0 };
}

/** @param {Problem} problem */
function refusal(problem) {
  const isBusy = problem.kind === 'overloaded' || problem.kind === 'library-locked';
  return new RequestFailed(plainly(problem), {
    starting: problem.status === 503 && !isBusy,
    busy: isBusy ? Math.min(3, problem.seconds || 1) : null,
  });
}

/** Leaving the page breaks off what is being asked; the service is not to blame for that. */
let left = false;
addEventListener('pagehide', () => (left = true));
addEventListener('pageshow', () => (left = false));

/** @param {unknown} error @returns {Promise<never>} */
async function explained(error) {
  if (wasStopped(error)) throw error;
  if (left) await new Promise(() => {});
  throw lost();
}

/* ---- what the browser keeps ---- */

const CONVERSATION = 'pullquote.conversation.';
const KEY = 'pullquote.key';
const THEME = 'pullquote.theme';
const LANGUAGE = 'pullquote.language';
const SHORTCUTS = 'pullquote.shortcuts';
const UNSENT = 'pullquote.unsent';

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

/** The one that was chosen, else the browser's. @returns {Language} */
export function keptLanguage() {
  const language = read(LANGUAGE) ?? navigator.language;
  return language.toLowerCase().startsWith('de') ? 'de' : 'en';
}

/** @param {Language} language */
export function keepLanguage(language) {
  write(LANGUAGE, language);
}

/**
 * What was being sent when this tab was left before; it is forgotten with that.
 * @returns {string[]}
 */
export function unsent() {
  try {
    const names = JSON.parse(sessionStorage.getItem(UNSENT) ?? '[]');
    return Array.isArray(names) ? names.map(String) : [];
  } catch {
    return [];
  }
}

/** @param {string[]} names */
export function keepUnsent(names) {
  try {
    if (names.length) sessionStorage.setItem(UNSENT, JSON.stringify(names));
    else sessionStorage.removeItem(UNSENT);
  } catch {
    // Then a reload cannot tell what is missing.
  }
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

/** @param {string} name @param {Blob | string} content @param {string} [type] */
export function download(name, content, type = 'text/plain') {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Has the browser ask before the page is left, or no longer. @param {boolean} on */
export function askBeforeLeaving(on) {
  if (on) addEventListener('beforeunload', stay);
  else removeEventListener('beforeunload', stay);
}

/** @param {Event} event */
function stay(event) {
  event.preventDefault();
}

/** @param {() => void} last What is done when the page is left. */
export function onLeaving(last) {
  addEventListener('pagehide', last);
}

/** Opens the page anew, as after a change of its language. */
export function reload() {
  location.reload();
}

/** The styles of print show what the document says. @param {'conversation' | 'article'} what */
export function print(what) {
  const { dataset } = document.documentElement;
  dataset['print'] = what;
  addEventListener('afterprint', () => delete dataset['print'], { once: true });
  window.print();
}

/**
 * Text as an address can hold it, and back.
 * @param {string} text
 * @returns {Promise<string>}
 */
export async function packed(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** A link cannot bring more than this, whatever it claims. */
const MOST_UNPACKED = 2_000_000;

/** @param {string} text @returns {Promise<string>} */
export async function unpacked(text) {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const parts = [];
  for (let size = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return new Blob(parts).text();
    size += value.length;
    if (size > MOST_UNPACKED) throw new RangeError('too long');
    parts.push(value);
  }
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
