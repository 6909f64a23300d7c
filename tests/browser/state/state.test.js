import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as the from '../../../qa/page/state.js';

const kept = { conversations: [], theme: 'system', shortcuts: true, hash: '' };
const empty = () => the.initial(kept);

const citation = (article, start = 0) => ({
  article_id: article,
  title: article,
  source: null,
  published: null,
  revision: 'sha256:1',
  paragraph: 1,
  heading: null,
  start,
  end: start + 4,
  quote: 'noon',
  sentence: { start: 0, end: 20, text: 'It leaves at noon. Ok' },
  url: null,
});

const answer = (more = {}) => ({
  question: 'When?',
  answered: true,
  answer: 'noon',
  confidence: 0.9,
  reason: null,
  citations: [citation('a')],
  alternatives: [],
  passages: [],
  ...more,
});

const asked = (turn, now = 1, more = {}) => ({
  conversation: 'c',
  turn,
  question: `question ${turn}`,
  written: false,
  now,
  ...more,
});

const answered = (state, turn, given = answer()) =>
  the.settled(state, 'c', turn, { kind: 'answer', answer: given });

test('the first question begins a conversation that has its title', () => {
  const state = the.ask(empty(), asked('1', 5, { question: 'When  do\nthey leave?' }));
  const [conversation] = state.conversations;
  assert.equal(conversation.title, 'When do they leave?');
  assert.deepEqual(conversation.turns.map(({ outcome }) => outcome), [null]);
  assert.deepEqual(state.progress['1'], { stage: 'looking', passages: [], slow: false });
});

test('a state that has changed leaves the one before as it was', () => {
  const before = the.ask(empty(), asked('1'));
  const copy = structuredClone(before);
  answered(before, '1');
  assert.deepEqual(before, copy);
});

test('an answer settles its turn, ends its progress and is said', () => {
  const state = answered(the.ask(empty(), asked('1')), '1');
  assert.equal(state.conversations[0].turns[0].outcome.kind, 'answer');
  assert.deepEqual(state.progress, {});
  assert.equal(state.said, 'Answer: noon. From a, paragraph 1. Likely right, 90\u00a0%.');
});

test('an answer for a conversation that was deleted meanwhile brings nothing back', () => {
  const state = the.deleted(the.ask(empty(), asked('1')), 'c');
  assert.deepEqual(answered(state, '1').conversations, []);
});

test('a follow-up is sent with the answered turns before it, as they were asked', () => {
  let state = answered(the.ask(empty(), asked('1')), '1');
  state = answered(the.ask(state, asked('2', 2)), '2', answer({ understood_as: 'whole 2' }));
  state = the.settled(the.ask(state, asked('3', 3)), 'c', '3', { kind: 'stopped' });
  state = the.ask(state, asked('4', 4));
  assert.deepEqual(the.earlierTurns(state.conversations[0], '4'), [
    { question: 'question 1', answer: 'noon' },
    { question: 'question 2', answer: 'noon' },
  ]);
});

test('a question asked as written is sent with nothing before it', () => {
  let state = answered(the.ask(empty(), asked('1')), '1');
  state = the.ask(state, asked('2', 2, { written: true }));
  assert.deepEqual(the.earlierTurns(state.conversations[0], '2'), []);
});

test('two tabs’ versions of a conversation hold the turns of both in the order asked', () => {
  const mine = the.ask(the.ask(empty(), asked('1')), asked('3', 3)).conversations[0];
  const other = answered(the.ask(the.ask(empty(), asked('1')), asked('2', 2)), '1').conversations[0];
  const both = the.merged(mine, other);
  assert.deepEqual(both.turns.map(({ id }) => id), ['1', '2', '3']);
  assert.equal(both.turns[0].outcome.kind, 'answer');
  assert.equal(the.merged(other, mine).turns[0].outcome.kind, 'answer');
});

test('the title that was given last stays', () => {
  const begun = the.ask(empty(), asked('1'));
  const renamed = the.renamed(begun, 'c', ' The ferry ', 9).conversations[0];
  assert.equal(the.merged(begun.conversations[0], renamed).title, 'The ferry');
  assert.equal(the.merged(renamed, begun.conversations[0]).title, 'The ferry');
  assert.equal(the.renamed(begun, 'c', '  ', 9), begun);
});

test('what another tab saved as it is here changes no turn, so its view keeps the focus', () => {
  const mine = answered(the.ask(empty(), asked('1')), '1').conversations[0];
  const both = the.merged(mine, structuredClone(mine));
  assert.equal(both.turns[0], mine.turns[0]);
});

test('citations, other readings and passages can be looked at, each among its kind', () => {
  const passage = { article_id: 'b', title: 'b', paragraph: 2, heading: null, start: 0, end: 9, text: 'x', score: 1 };
  const given = answer({
    citations: [citation('a'), citation('b')],
    alternatives: [{ answer: 'one', confidence: 0.1, citations: [citation('c')] }],
    passages: [passage],
  });
  assert.deepEqual(the.sightsOf(given).map(({ key, kind }) => [key, kind]), [
    ['c0', 'citation'],
    ['c1', 'citation'],
    ['a0-0', 'alternative'],
    ['p0', 'passage'],
  ]);
  const state = answered(the.ask(empty(), asked('1')), '1', given);
  const route = { view: 'chat', conversation: 'c', turn: '1', place: 'c1' };
  const view = the.looking(the.went(state, route));
  assert.deepEqual([view.index, view.sights.length, view.sight.article_id], [1, 2, 'b']);
  assert.equal(the.looking(the.went(state, { ...route, place: 'c9' })), null);
});

test('a question is counted in code points, as the service does', () => {
  assert.equal(the.questionProblem('🦊'.repeat(1000)), '');
  assert.equal(the.questionProblem('a'.repeat(1001)), '1001 of 1000 characters: shorten the question');
});

test('a list of articles that comes too late for what is looked for now is left aside', () => {
  const state = the.lookedFor(empty(), 'ferry');
  assert.equal(the.libraryRead(state, '', { articles: [], total: 7 }), state);
  assert.equal(the.isEmpty(the.libraryRead(state, 'ferry', { articles: [], total: 0 })), true);
});

test('articles that are known stay when they cannot be listed again', () => {
  const known = the.libraryRead(empty(), '', { articles: [], total: 3 });
  assert.equal(the.libraryFailed(known, { detail: 'gone', lost: true }), known);
});

test('conversations are found by every word of title, questions and answers', () => {
  const state = answered(the.ask(empty(), asked('1')), '1');
  const found = (find) => the.found({ ...state, find }).length;
  assert.deepEqual([found('NOON question'), found('noon never'), found('')], [1, 0, 1]);
});
