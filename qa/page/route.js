/**
 * Where the person is, as the address's fragment, so that Back, bookmarks and shared links work.
 */

/** @import {Route} from './types.js' */

/**
 * @param {string} hash
 * @returns {Route}
 */
export function routeOf(hash) {
  const text = hash.replace(/^#/, '');
  if (text.startsWith('q=')) {
    const question = new URLSearchParams(text.replaceAll('+', '%2B')).get('q')?.trim();
    if (question) return { view: 'ask', question };
  }
  if (text.startsWith('a=')) return { view: 'shared', packed: text.slice(2) };
  const [view, ...rest] = text.replace(/^\//, '').split('/').map(decoded);
  if (view === 'library') return { view: 'library', article: rest[0] || null };
  const [conversation, turn, place] = view === 'chat' ? rest : [];
  if (!conversation) return chat(null);
  return turn && place ? chat(conversation, turn, place) : chat(conversation);
}

/**
 * @param {Route} route
 * @returns {string}
 */
export function hashOf(route) {
  if (route.view === 'ask') return `#q=${encodeURIComponent(route.question)}`;
  if (route.view === 'shared') return `#a=${route.packed}`;
  const parts =
    route.view === 'library'
      ? ['library', route.article]
      : ['chat', route.conversation, route.turn, route.place];
  const present = parts.filter((part) => part !== null).map(encodeURIComponent);
  return route.view === 'chat' && !route.conversation ? '#/' : `#/${present.join('/')}`;
}

/**
 * @param {string | null} conversation
 * @param {string | null} [turn]
 * @param {string | null} [place]
 * @returns {Route}
 */
export function chat(conversation, turn = null, place = null) {
  return { view: 'chat', conversation, turn, place };
}

/**
 * @param {string | null} [article]
 * @returns {Route}
 */
export function library(article = null) {
  return { view: 'library', article };
}

/**
 * The place without the article that is open there.
 * @param {Route} route
 * @returns {Route}
 */
export function closed(route) {
  if (route.view === 'chat') return chat(route.conversation);
  return route.view === 'library' ? library() : route;
}

/** @param {Route} route */
export function isClosed(route) {
  return hashOf(route) === hashOf(closed(route));
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
