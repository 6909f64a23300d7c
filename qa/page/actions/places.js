/**
 * Where the person is, and the article that is open there.
 */

/** @import {Actions, Route} from '../types.js' */
/** @import {Store} from '../store.js' */
import * as effects from '../effects.js';
import { opened } from '../shared.js';
import { chat, closed, hashOf, isClosed } from '../route.js';
import * as the from '../state.js';
import { t } from '../text.js';
import { kindOf, quotesOf } from '../words.js';

/** What the service is asked; it is no text of the page. */
const OVERVIEW = 'What are the main points of this article?';

/**
 * @param {Store} store
 * @param {Actions} actions
 */
export function createPlaces(store, actions) {
  let depth = effects.depth() ?? 0;
  effects.setDepth(depth);

  /** @param {Route} route */
  function open(route) {
    if (hashOf(route) !== effects.hash()) {
      effects.go(hashOf(route));
      depth = 0;
    }
    enter(route);
  }

  /** @param {Route} route */
  function replace(route) {
    effects.replace(hashOf(route));
    enter(route);
  }

  /** @param {Route} route */
  function enter(route) {
    if (route.view === 'ask') {
      replace(chat(null));
      actions.ask(route.question);
      return;
    }
    if (route.view === 'shared') {
      replace(chat(null));
      void openShared(route.packed);
      return;
    }
    store.change((state) => the.went(state, route));
    if (store.get().library.status === 'failed') void actions.readLibrary();
    void readArticle();
  }

  /** @param {Route} route */
  function arrive(route) {
    const from = store.get().route;
    const opened = !isClosed(route) && hashOf(closed(from)) === hashOf(closed(route));
    const over = opened && (isClosed(from) || depth > 0) ? depth + 1 : 0;
    const again = hashOf(from) === hashOf(route);
    depth = effects.depth() ?? (again ? depth : over);
    effects.setDepth(depth);
    enter(route);
  }

  /** Back to where no article was open, if it was opened from there, so that Back goes on from it. */
  function closePanel() {
    const steps = depth;
    depth = 0;
    if (steps) effects.back(steps);
    else replace(closed(store.get().route));
  }

  async function readArticle() {
    const id = the.articleShown(store.get());
    if (!id) return;
    store.change((state) => the.articleOpening(state, id));
    if (store.get().reading?.status === 'loading') await fetchArticle(id);
    await judge();
  }

  /** @param {string} id */
  async function fetchArticle(id) {
    try {
      const article = await effects.article(id);
      store.change((state) => the.articleOpened(state, article));
    } catch (error) {
      const failure = actions.failed(error);
      store.change((state) => the.articleFailed(state, id, failure));
    }
  }

  /** Where a citation's words are now, when its article has changed since. */
  async function judge() {
    const sight = the.looking(store.get())?.sight;
    const article = store.get().reading?.article;
    if (!sight?.citation || !article || article.revision === sight.revision) return;
    try {
      const [verdict = null] = await effects.verify([sight.citation]);
      if (the.looking(store.get())?.sight.citation !== sight.citation) return;
      store.change((state) => the.judged(state, verdict));
    } catch (error) {
      actions.failed(error);
    }
  }

  /**
   * What a link says is checked with the service, since anybody can write one.
   * @param {string} packed
   */
  async function openShared(packed) {
    const shared = await sharedOf(packed);
    if (!shared) {
      actions.notice(t('This link is damaged: ask for it again.'));
      return;
    }
    const { question, answer } = shared;
    const conversation = effects.newId();
    const turn = effects.newId();
    const opened = { conversation, turn, question, answer, now: effects.now() };
    store.change((state) => the.sharedOpened(state, opened));
    replace(chat(conversation));
    try {
      const verdicts = await effects.verify([...the.citationsOf(answer).keys()]);
      store.change((state) => the.sharedJudged(state, conversation, turn, verdicts));
    } catch (error) {
      actions.failed(error);
    }
    actions.keep(conversation);
  }

  /** @param {string} id */
  async function readOverview(id) {
    store.change((state) => ({ ...state, overview: { id, quotes: [], detail: t('Looking for the main points…') } }));
    const overview = await effects.ask({ question: OVERVIEW, conversation: [], filters: { article_ids: [id] } }, () => {}).then(
      (answer) => ({ id, quotes: kindOf(answer) === 'overview' ? quotesOf(answer) : [], detail: t('No main points could be told.') }),
      (error) => ({ id, quotes: [], detail: actions.failed(error).detail }),
    );
    store.change((state) => ({ ...state, overview }));
  }

  return { open, replace, enter, arrive, closePanel, readArticle, readOverview, openShared };
}

/** @param {string} packed */
async function sharedOf(packed) {
  try {
    return opened(await effects.unpacked(packed));
  } catch {
    return null;
  }
}
