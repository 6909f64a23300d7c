/**
 * What the page knows, and how it changes. Everything here is pure: a state in, a state out.
 */

/**
 * @import {
 *   Answer, Article, Citation, Conversation, Dialog, EarlierTurn, Failure, Intake, Listing, Outcome,
 *   Passage, Progress, Rating, Route, Scope, Sight, State, Theme, Turn, Verdict
 * } from './types.js'
 */
import { length, slicer } from './points.js';
import { routeOf } from './route.js';
import { t } from './text.js';
import { quotesOf, spoken, titled } from './words.js';

/** The longest question that the service takes, in code points. */
export const LONGEST_QUESTION = 1000;

/** As much of an earlier answer as the service takes, in code points. */
const LONGEST_EARLIER_ANSWER = 10_000;

/** As many earlier turns as a follow-up is sent with. */
const TURNS_SENT = 10;

const TITLE_LENGTH = 80;

/** @type {Scope} */
export const WHOLE_LIBRARY = { articles: [], tags: [], from: '', to: '' };

/**
 * @param {{conversations: Conversation[], theme: Theme, shortcuts: boolean, hasKey: boolean, missing: string[], hash: string}} kept
 * @returns {State}
 */
export function initial({ conversations, theme, shortcuts, hasKey, missing, hash }) {
  return {
    route: routeOf(hash),
    conversations: newestFirst(conversations),
    find: '',
    progress: {},
    library: { status: 'loading', articles: [], total: 0, size: 0, find: '', sort: 'title', detail: '' },
    suggestions: [],
    about: null,
    scope: WHOLE_LIBRARY,
    editing: null,
    intakes: [],
    intakesBegun: 0,
    missing,
    articleSuggestions: null,
    overview: null,
    leaving: [],
    chosen: [],
    reading: null,
    verdict: null,
    connection: 'up',
    theme,
    shortcuts,
    hasKey,
    menu: false,
    dialog: null,
    notice: null,
    said: '',
  };
}

/* ---- questions ---- */

/**
 * Why a question cannot be sent, or nothing when it can.
 * @param {string} question
 */
export function questionProblem(question) {
  const points = length(question.trim());
  if (points <= LONGEST_QUESTION) return '';
  return t('{n} of {most} characters: shorten the question', { n: points, most: LONGEST_QUESTION });
}

/**
 * The question stands in the conversation, waiting for its answer; a new conversation is begun
 * when there is none with this id.
 * @param {State} state
 * @param {{conversation: string, turn: string, question: string, written: boolean, scope?: Scope | null, now: number}} asked
 * @returns {State}
 */
export function ask(state, { conversation, turn, question, written, scope = null, now }) {
  const begun = conversationOf(state, conversation) ?? {
    id: conversation,
    title: shortened(question),
    named: false,
    updated: now,
    turns: [],
  };
  const waits = inFlight(begun, state.progress) !== null;
  const added = { id: turn, question, asked: now, written, scope, outcome: null };
  const changed = { ...begun, updated: now, turns: [...begun.turns, added] };
  return begin(withConversation(state, changed), turn, waits);
}

/**
 * A question in other words takes the place of one that was asked before.
 * @param {State} state
 * @param {{conversation: string, turn: string, question: string, id: string}} asked `id` is the new turn's.
 * @returns {State}
 */
export function reworded(state, { conversation: of, turn, question, id }) {
  const conversation = conversationOf(state, of);
  const old = conversation?.turns.find((each) => each.id === turn);
  if (!conversation || !old) return state;
  const renewed = { ...old, id, question, rating: null, shared: null, outcome: null };
  const turns = conversation.turns.map((each) => (each === old ? renewed : each));
  const title = conversation.named || old !== conversation.turns[0] ? conversation.title : shortened(question);
  const changed = { ...conversation, title, turns, removed: [...(conversation.removed ?? []), turn] };
  return begin(withConversation({ ...state, editing: null }, changed), id);
}

/**
 * @param {State} state
 * @param {string} of
 * @param {string} turn
 * @returns {State}
 */
export function turnRemoved(state, of, turn) {
  const conversation = conversationOf(state, of);
  if (!conversation) return state;
  const turns = conversation.turns.filter(({ id }) => id !== turn);
  return withConversation(state, { ...conversation, turns, removed: [...(conversation.removed ?? []), turn] });
}

/**
 * A turn that was deleted is there again, under another id: the old one stays deleted in every tab.
 * @param {State} state
 * @param {string} of
 * @param {Turn} turn
 * @returns {State}
 */
export function turnRestored(state, of, turn) {
  const conversation = conversationOf(state, of);
  if (!conversation) return state;
  return withConversation(state, { ...conversation, turns: [...conversation.turns, turn].sort(byTime) });
}

/**
 * @param {State} state
 * @param {string} of
 * @param {string} turn
 * @param {Rating | null} rating
 * @returns {State}
 */
export function rated(state, of, turn, rating) {
  return withTurn(state, of, turn, (each) => ({ ...each, rating }));
}

/**
 * A question is asked again in its place.
 * @param {State} state
 * @param {string} conversation
 * @param {string} turn
 * @returns {State}
 */
export function askAgain(state, conversation, turn) {
  return begin(withOutcome(state, conversation, turn, null), turn);
}

/**
 * @param {State} state
 * @param {string} turn
 * @param {boolean} [waits]
 * @returns {State}
 */
export function begin(state, turn, waits = false) {
  const said = waits ? t('It is asked as soon as the one before is answered.') : t('Looking through the articles…');
  return withProgress({ ...state, said }, turn, { stage: waits ? 'queued' : 'looking', passages: [], slow: false });
}

/**
 * The service has others to serve first.
 * @param {State} state
 * @param {string} turn
 * @returns {State}
 */
export function isBusy(state, turn) {
  if (!state.progress[turn]) return state;
  return withProgress(state, turn, { stage: 'busy', passages: [], slow: false });
}

/**
 * @param {State} state
 * @param {string} turn
 * @param {Passage[]} passages
 * @returns {State}
 */
export function passagesFound(state, turn, passages) {
  return withProgress(state, turn, { stage: 'reading', passages, slow: false });
}

/**
 * @param {State} state
 * @param {string} turn
 * @returns {State}
 */
export function isSlow(state, turn) {
  const progress = state.progress[turn];
  return progress ? withProgress(state, turn, { ...progress, slow: true }) : state;
}

/**
 * A question has come to its end, in an answer or not.
 * @param {State} state
 * @param {string} conversation
 * @param {string} turn
 * @param {Outcome} outcome
 * @returns {State}
 */
export function settled(state, conversation, turn, outcome) {
  const progress = { ...state.progress };
  delete progress[turn];
  const said = outcome.kind === 'answer' ? spoken(outcome.answer) : saidOf(outcome);
  return withOutcome({ ...state, progress, said }, conversation, turn, outcome);
}

/** @param {Exclude<Outcome, {kind: 'answer'}>} outcome */
function saidOf(outcome) {
  return outcome.kind === 'failed' ? t('No answer: {why}', { why: outcome.detail }) : t('Stopped.');
}

/**
 * The turns before a turn as the service takes them, oldest first; none when it is asked as
 * written.
 * @param {Conversation} conversation
 * @param {string} turnId
 * @returns {EarlierTurn[]}
 */
export function earlierTurns(conversation, turnId) {
  const index = conversation.turns.findIndex((turn) => turn.id === turnId);
  if (conversation.turns[index]?.written) return [];
  return conversation.turns
    .slice(0, index)
    .flatMap(({ outcome, question }) => {
      if (outcome?.kind !== 'answer') return [];
      return [{ question, answer: slicer(outcome.answer.answer)(0, LONGEST_EARLIER_ANSWER) }];
    })
    .slice(-TURNS_SENT);
}

/** @param {Conversation} conversation @param {Readonly<Record<string, Progress>>} progress */
export function inFlight(conversation, progress) {
  return conversation.turns.find((turn) => turn.id in progress) ?? null;
}

/**
 * What the service is told of a scope; nothing for the whole library.
 * @param {Scope | null | undefined} scope
 */
export function filtersOf(scope) {
  if (!scope || isWhole(scope)) return null;
  const { articles, tags, from, to } = scope;
  return {
    ...(articles.length && { article_ids: articles.map(({ id }) => id) }),
    ...(tags.length && { tags }),
    ...(from && { published_from: from }),
    ...(to && { published_to: to }),
  };
}

/** @param {Scope} scope */
export function isWhole({ articles, tags, from, to }) {
  return !articles.length && !tags.length && !from && !to;
}

/* ---- conversations ---- */

/**
 * @param {State} state
 * @param {string | null} id
 */
export function conversationOf(state, id) {
  return state.conversations.find((conversation) => conversation.id === id) ?? null;
}

/** The conversation that is shown. @param {State} state */
export function shown(state) {
  return state.route.view === 'chat' ? conversationOf(state, state.route.conversation) : null;
}

/** The conversations that hold what is looked for. @param {State} state */
export function found(state) {
  if (!state.find.trim()) return state.conversations;
  return state.conversations.filter((conversation) => {
    const texts = conversation.turns.flatMap(({ question, outcome }) =>
      outcome?.kind === 'answer' ? [question, outcome.answer.answer] : [question],
    );
    return holds([conversation.title, ...texts], state.find);
  });
}

/**
 * @param {State} state
 * @param {string} id
 * @param {string} title
 * @param {number} now
 * @returns {State}
 */
export function renamed(state, id, title, now) {
  const conversation = conversationOf(state, id);
  const trimmed = title.trim();
  if (!conversation || !trimmed) return state;
  return withConversation(state, { ...conversation, title: trimmed, named: true, updated: now });
}

/**
 * @param {State} state
 * @param {string} id
 * @returns {State}
 */
export function deleted(state, id) {
  return { ...state, conversations: state.conversations.filter((kept) => kept.id !== id) };
}

/**
 * What another tab has saved of a conversation comes in; nothing of this tab's is lost.
 * @param {State} state
 * @param {Conversation} other
 * @returns {State}
 */
export function broughtIn(state, other) {
  const mine = conversationOf(state, other.id);
  return withConversation(state, mine ? merged(mine, other) : other);
}

/**
 * Two tabs' versions of a conversation as one: the turns of both, a known outcome before an
 * unknown one, and the title that was given last.
 * @param {Conversation} mine
 * @param {Conversation} other
 * @returns {Conversation}
 */
export function merged(mine, other) {
  const others = new Map(other.turns.map((turn) => [turn.id, turn]));
  const kept = mine.turns.map((turn) => known(turn, others.get(turn.id)));
  const own = new Set(mine.turns.map((turn) => turn.id));
  const removed = [...new Set([...(mine.removed ?? []), ...(other.removed ?? [])])];
  const all = [...kept, ...other.turns.filter((turn) => !own.has(turn.id))];
  const turns = all.filter(({ id }) => !removed.includes(id)).sort(byTime);
  const later = other.updated > mine.updated ? other : mine;
  return removed.length ? { ...later, turns, removed } : { ...later, turns };
}

/** @param {Turn} a @param {Turn} b */
function byTime(a, b) {
  return a.asked - b.asked;
}

/**
 * @param {Turn} mine
 * @param {Turn | undefined} other
 */
function known(mine, other) {
  const better = other?.outcome && mine.outcome?.kind !== 'answer';
  return better && JSON.stringify(other) !== JSON.stringify(mine) ? other : mine;
}

/* ---- what can be looked at ---- */

/**
 * Everything of an answer that the panel can show, in order: citations, those of the values that
 * articles disagree about, those of the other readings, then passages.
 * @param {Answer} answer
 * @returns {Sight[]}
 */
export function sightsOf(answer) {
  const citations = [...citationsOf(answer)].map(([citation, key]) => cited('citation', key, citation));
  const others = answer.alternatives.flatMap((other, i) =>
    other.citations.map((citation, j) => cited('alternative', `a${i}-${j}`, citation)),
  );
  const passages = answer.passages.map((passage, i) => looked(`p${i}`, passage));
  return [...citations, ...others, ...passages];
}

/**
 * The citations of all parts of an answer by the key of their place, in the order they are read.
 * @param {Answer} answer
 * @returns {Map<Citation, string>}
 */
export function citationsOf(answer) {
  const quoted = quotesOf(answer).flatMap(({ citations }) => citations);
  const rivals = (answer.disagreement ?? []).flatMap(({ citations }) => citations);
  return new Map([...quoted, ...rivals].map((citation, i) => [citation, `c${i}`]));
}

/**
 * @param {'citation' | 'alternative'} kind
 * @param {string} key
 * @param {Citation} citation
 * @returns {Sight}
 */
function cited(kind, key, citation) {
  const { article_id, title, paragraph, page = null, start, end, sentence, quote, revision, url } = citation;
  const mark = { start, end };
  const place = { article_id, title, paragraph, page, mark, context: sentence, quote, revision, url };
  return { key, kind, ...place, citation };
}

/**
 * @param {string} key
 * @param {Passage} passage
 * @returns {Sight}
 */
function looked(key, { article_id, title, paragraph, start, end, text }) {
  const place = { article_id, title: titled(title), paragraph, page: null, context: { start, end } };
  const nothing = { mark: null, revision: null, url: null, citation: null };
  return { key, kind: 'passage', ...place, quote: text, ...nothing };
}

/**
 * What the panel shows, and its neighbours of the same kind.
 * @param {State} state
 * @returns {{sight: Sight, sights: Sight[], index: number} | null}
 */
export function looking(state) {
  const { route } = state;
  if (route.view !== 'chat') return null;
  const turn = shown(state)?.turns.find(({ id }) => id === route.turn);
  if (turn?.outcome?.kind !== 'answer') return null;
  const all = sightsOf(turn.outcome.answer);
  const sight = all.find(({ key }) => key === route.place);
  if (!sight) return null;
  const sights = all.filter(({ kind }) => kind === sight.kind);
  return { sight, sights, index: sights.indexOf(sight) };
}

/** The id of the article that the panel shows, if any. @param {State} state */
export function articleShown(state) {
  if (state.route.view === 'library') return state.route.article;
  return looking(state)?.sight.article_id ?? null;
}

/* ---- the library ---- */

/** Whether the library is known to hold nothing. @param {State} state */
export function isEmpty(state) {
  return state.library.status === 'ready' && state.library.size === 0;
}

/**
 * @param {State} state
 * @param {string} find
 * @returns {State}
 */
export function lookedFor(state, find) {
  return { ...state, library: { ...state.library, find } };
}

/**
 * A list came in for what was looked for; it is left aside when something else is by now.
 * @param {State} state
 * @param {string} find
 * @param {Listing} listing
 * @returns {State}
 */
export function libraryRead(state, find, listing) {
  if (find !== state.library.find) return state;
  const articles = listing.articles.filter(({ id }) => !state.leaving.includes(id));
  const total = listing.total - (listing.articles.length - articles.length);
  const size = find ? Math.max(state.library.size, total) : total;
  return { ...state, library: { ...state.library, status: 'ready', articles, total, size, find, detail: '' } };
}

/**
 * @param {State} state
 * @param {Listing} listing
 * @returns {State}
 */
export function moreRead(state, { articles, total }) {
  const all = [...state.library.articles, ...articles];
  return { ...state, library: { ...state.library, articles: all, total } };
}

/**
 * The articles that were known stay when the list cannot be read again.
 * @param {State} state
 * @param {Failure} failure
 * @returns {State}
 */
export function libraryFailed(state, { detail }) {
  if (state.library.status === 'ready') return state;
  return { ...state, library: { ...state.library, status: 'failed', detail } };
}

/**
 * Articles are gone, whatever the list was filtered by.
 * @param {State} state
 * @param {string[]} ids
 * @returns {State}
 */
export function articlesRemoved(state, ids) {
  const { library } = state;
  const articles = library.articles.filter(({ id }) => !ids.includes(id));
  const gone = library.articles.length - articles.length;
  const counts = { size: Math.max(0, library.size - ids.length), total: Math.max(0, library.total - gone) };
  const reading = state.reading && ids.includes(state.reading.id) ? null : state.reading;
  return { ...state, reading, chosen: state.chosen.filter((id) => !ids.includes(id)), library: { ...library, articles, ...counts } };
}

/**
 * New ones join those that are still on their way; when all were finished, the list begins anew.
 * @param {State} state
 * @param {Intake[]} intakes
 * @param {number} now
 * @returns {State}
 */
export function intakesBegun(state, intakes, now) {
  if (isAdding(state)) return { ...state, intakes: [...state.intakes, ...intakes] };
  return { ...state, intakes, intakesBegun: now, missing: [] };
}

/** Whether something is on its way into the library. @param {State} state */
export function isAdding({ intakes }) {
  return intakes.some(({ status }) => status === 'waiting' || status === 'sending');
}

/**
 * The seconds that the rest will take, by those that are done; null as long as these are too few.
 * @param {State} state
 * @param {number} now
 */
export function secondsLeft({ intakes, intakesBegun: begun }, now) {
  const done = intakes.filter(({ status }) => status === 'done' || status === 'refused').length;
  if (done < 3 || done === intakes.length) return null;
  return ((now - begun) / 1000 / done) * (intakes.length - done);
}

/** What became of all that was added. @param {State} state */
export function takenCounts({ intakes }) {
  const counts = { added: 0, replaced: 0, unchanged: 0, refused: 0 };
  for (const { taken, refused } of intakes) {
    for (const { status } of taken) counts[status] += 1;
    counts.refused += refused.length;
  }
  return counts;
}

/**
 * @param {State} state
 * @param {string} id
 * @param {Partial<Intake>} change
 * @returns {State}
 */
export function intakeChanged(state, id, change) {
  const intakes = state.intakes.map((intake) =>
    intake.id === id ? { ...intake, ...change } : intake,
  );
  return { ...state, intakes };
}

/**
 * @param {State} state
 * @param {string} id
 * @returns {State}
 */
export function articleOpening(state, id) {
  if (state.reading?.id === id && state.reading.status !== 'failed') return state;
  return { ...state, reading: { id, status: 'loading', article: null, detail: '' } };
}

/**
 * @param {State} state
 * @param {Article} article
 * @returns {State}
 */
export function articleOpened(state, article) {
  if (state.reading?.id !== article.id) return state;
  return { ...state, reading: { id: article.id, status: 'ready', article, detail: '' } };
}

/**
 * @param {State} state
 * @param {string} id
 * @param {Failure} failure
 * @returns {State}
 */
export function articleFailed(state, id, failure) {
  if (state.reading?.id !== id) return state;
  return { ...state, reading: { id, status: 'failed', article: null, detail: failure.detail } };
}

/* ---- the rest ---- */

/**
 * @param {State} state
 * @param {Route} route
 * @returns {State}
 */
export function went(state, route) {
  return { ...state, route, menu: false, dialog: null, verdict: null, editing: null };
}

/**
 * @param {State} state
 * @param {Verdict | null} verdict
 * @returns {State}
 */
export function judged(state, verdict) {
  return { ...state, verdict };
}

/**
 * @param {State} state
 * @param {Dialog | null} dialog
 * @returns {State}
 */
export function withDialog(state, dialog) {
  return { ...state, dialog };
}

/**
 * An answer that came in a link, as a conversation of its own.
 * @param {State} state
 * @param {{conversation: string, turn: string, question: string, answer: Answer, now: number}} shared
 * @returns {State}
 */
export function sharedOpened(state, { conversation, turn, question, answer, now }) {
  /** @type {Turn} */
  const opened = { id: turn, question, asked: now, written: true, shared: [], outcome: { kind: 'answer', answer } };
  return withConversation(state, { id: conversation, title: shortened(question), named: false, updated: now, turns: [opened] });
}

/**
 * @param {State} state
 * @param {string} of
 * @param {string} turn
 * @param {Verdict[]} verdicts
 * @returns {State}
 */
export function sharedJudged(state, of, turn, verdicts) {
  return withTurn(state, of, turn, (each) => ({ ...each, shared: verdicts }));
}

/* ---- parts of the above ---- */

/**
 * @param {State} state
 * @param {Conversation} conversation
 * @returns {State}
 */
function withConversation(state, conversation) {
  const others = state.conversations.filter(({ id }) => id !== conversation.id);
  return { ...state, conversations: newestFirst([conversation, ...others]) };
}

/**
 * @param {State} state
 * @param {string} id
 * @param {string} turnId
 * @param {Outcome | null} outcome
 * @returns {State}
 */
function withOutcome(state, id, turnId, outcome) {
  return withTurn(state, id, turnId, (turn) => ({ ...turn, outcome }));
}

/**
 * @param {State} state
 * @param {string} id
 * @param {string} turnId
 * @param {(turn: Turn) => Turn} change
 * @returns {State}
 */
function withTurn(state, id, turnId, change) {
  const conversation = conversationOf(state, id);
  if (!conversation) return state;
  const turns = conversation.turns.map((turn) => (turn.id === turnId ? change(turn) : turn));
  return withConversation(state, { ...conversation, turns });
}

/**
 * @param {State} state
 * @param {string} turn
 * @param {Progress} progress
 * @returns {State}
 */
function withProgress(state, turn, progress) {
  return { ...state, progress: { ...state.progress, [turn]: progress } };
}

/** @param {Conversation[]} conversations */
function newestFirst(conversations) {
  return [...conversations].sort((a, b) => b.updated - a.updated || a.id.localeCompare(b.id));
}

/** @param {string} question */
function shortened(question) {
  const line = question.replace(/\s+/g, ' ').trim();
  const points = Array.from(line);
  return points.length > TITLE_LENGTH ? `${points.slice(0, TITLE_LENGTH).join('')}…` : line;
}

/**
 * Whether every word of a query stands in one of the texts, whatever its case.
 * @param {string[]} texts
 * @param {string} query
 */
function holds(texts, query) {
  const all = texts.join('\n').toLocaleLowerCase();
  return query.toLocaleLowerCase().split(/\s+/).every((word) => all.includes(word));
}
