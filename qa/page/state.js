/**
 * What the page knows, and how it changes. Everything here is pure: a state in, a state out.
 */

/**
 * @import {
 *   Answer, Article, Citation, Conversation, Dialog, EarlierTurn, Failure, Intake, Listing, Outcome,
 *   Passage, Progress, Route, Sight, State, Theme, Turn, Verdict
 * } from './types.js'
 */
import { spoken, titled } from './words.js';
import { length, slicer } from './points.js';
import { routeOf } from './route.js';

/** The longest question that the service takes, in code points. */
export const LONGEST_QUESTION = 1000;

/** As much of an earlier answer as the service takes, in code points. */
const LONGEST_EARLIER_ANSWER = 10_000;

/** As many earlier turns as a follow-up is sent with. */
const TURNS_SENT = 10;

const TITLE_LENGTH = 80;

/**
 * @param {{conversations: Conversation[], theme: Theme, shortcuts: boolean, hasKey: boolean, hash: string}} kept
 * @returns {State}
 */
export function initial({ conversations, theme, shortcuts, hasKey, hash }) {
  return {
    route: routeOf(hash),
    conversations: newestFirst(conversations),
    find: '',
    progress: {},
    library: { status: 'loading', articles: [], total: 0, size: 0, find: '', detail: '' },
    suggestions: [],
    intakes: [],
    reading: null,
    verdict: null,
    connection: 'up',
    theme,
    shortcuts,
    hasKey,
    menu: false,
    dialog: null,
    notice: '',
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
  return `${points} of ${LONGEST_QUESTION} characters: shorten the question`;
}

/**
 * The question stands in the conversation, waiting for its answer; a new conversation is begun
 * when there is none with this id.
 * @param {State} state
 * @param {{conversation: string, turn: string, question: string, written: boolean, now: number}} asked
 * @returns {State}
 */
export function ask(state, { conversation, turn, question, written, now }) {
  const begun = conversationOf(state, conversation) ?? {
    id: conversation,
    title: shortened(question),
    named: false,
    updated: now,
    turns: [],
  };
  const added = { id: turn, question, asked: now, written, outcome: null };
  const changed = { ...begun, updated: now, turns: [...begun.turns, added] };
  return begin(withConversation(state, changed), turn);
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
 * @returns {State}
 */
function begin(state, turn) {
  const said = 'Looking through the articles…';
  return withProgress({ ...state, said }, turn, { stage: 'looking', passages: [], slow: false });
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
  return outcome.kind === 'failed' ? `No answer: ${outcome.detail}` : 'Stopped.';
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
  const turns = [...kept, ...other.turns.filter((turn) => !own.has(turn.id))];
  const later = other.updated > mine.updated ? other : mine;
  turns.sort((a, b) => a.asked - b.asked);
  return { ...later, turns };
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
 * Everything of an answer that the panel can show, in order: citations, then those of the other
 * readings, then passages.
 * @param {Answer} answer
 * @returns {Sight[]}
 */
export function sightsOf(answer) {
  const citations = answer.citations.map((citation, i) => cited('citation', `c${i}`, citation));
  const others = answer.alternatives.flatMap((other, i) =>
    other.citations.map((citation, j) => cited('alternative', `a${i}-${j}`, citation)),
  );
  const passages = answer.passages.map((passage, i) => looked(`p${i}`, passage));
  return [...citations, ...others, ...passages];
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
export function libraryRead(state, find, { articles, total }) {
  if (find !== state.library.find) return state;
  const size = find ? Math.max(state.library.size, total) : total;
  return { ...state, library: { status: 'ready', articles, total, size, find, detail: '' } };
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
 * @param {State} state
 * @param {Intake[]} intakes
 * @returns {State}
 */
export function intakesBegun(state, intakes) {
  const unfinished = state.intakes.filter(({ status }) => ['waiting', 'sending'].includes(status));
  return { ...state, intakes: [...unfinished, ...intakes] };
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
  return { ...state, route, menu: false, dialog: null, verdict: null };
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
 * @param {State} state
 * @param {string} notice
 * @returns {State}
 */
export function noticed(state, notice) {
  return { ...state, notice };
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
  const conversation = conversationOf(state, id);
  if (!conversation) return state;
  const turns = conversation.turns.map((turn) => (turn.id === turnId ? { ...turn, outcome } : turn));
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
