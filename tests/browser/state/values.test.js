import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takeEvents } from '../../../qa/page/events.js';
import { fileName, toMarkdown } from '../../../qa/page/later/exports.js';
import { around, length, slicer } from '../../../qa/page/points.js';
import { chat, closed, hashOf, isClosed, library, routeOf } from '../../../qa/page/route.js';
import { day, duration, grade, percent, placed, placeSpoken, plainly, sureness, tally, titled, webAddress } from '../../../qa/page/words.js';

test('text is sliced by code points, whatever UTF-16 needs for them', () => {
  assert.equal(slicer('a🦊b𝔉c')(1, 4), '🦊b𝔉');
  assert.equal(slicer('plain')(1, 3), 'la');
  assert.equal(slicer('e\u0301🦊')(1, 3), '\u0301🦊');
  assert.equal(length('🦊🦊a'), 3);
});

test('what is marked of a stretch is cut to the stretch', () => {
  const slice = slicer('one 🦊 three');
  const all = { start: 0, end: 11 };
  assert.deepEqual(around(slice, all, { start: 4, end: 5 }), { before: 'one ', marked: '🦊', after: ' three' });
  assert.deepEqual(around(slice, { start: 0, end: 5 }, { start: 4, end: 9 }), { before: 'one ', marked: '🦊', after: '' });
  assert.deepEqual(around(slice, all, null), { before: 'one 🦊 three', marked: '', after: '' });
  assert.deepEqual(around(slice, { start: 0, end: 3 }, { start: 4, end: 5 }), { before: 'one', marked: '', after: '' });
});

test('events are taken as soon as they are complete, however the stream is cut', () => {
  const stream = ': hello\n\nevent: passages\ndata: {"a":\ndata: 1}\n\nevent:answer\r\ndata:x\r\n\r\nevent: done\ndata: {}\n\n';
  const expected = [
    { event: 'passages', data: '{"a":\n1}' },
    { event: 'answer', data: 'x' },
    { event: 'done', data: '{}' },
  ];
  for (let size = 1; size <= stream.length; size += 1) {
    let buffer = '';
    const got = [];
    for (let at = 0; at < stream.length; at += size) {
      const { events, rest } = takeEvents(buffer + stream.slice(at, at + size));
      got.push(...events);
      buffer = rest;
    }
    assert.deepEqual(got, expected, `cut every ${size}`);
  }
});

test('every place has an address that leads back to it', () => {
  const places = [chat(null), chat('c'), chat('c', 't', 'a0-1'), library(), library('a/ä%'), { view: 'ask', question: '50% + “more” #1 & 2?' }];
  for (const place of places) assert.deepEqual(routeOf(hashOf(place)), place);
  assert.deepEqual(routeOf(''), chat(null));
  assert.deepEqual(routeOf('#/nowhere/%E0'), chat(null));
  assert.deepEqual(routeOf('#q='), chat(null));
});

test('the place behind an open article is the one without it', () => {
  assert.deepEqual([chat('c', 't', 'a0-1'), library('a')].map(closed), [chat('c'), library()]);
  assert.deepEqual([chat('c', 't', 'p0'), library('a'), chat('c'), library(), chat(null)].map(isClosed), [false, false, true, true, true]);
});

test('a place has its page where there is one, and neither leaves its sign', () => {
  assert.equal(placed({ paragraph: 3 }), '¶\u00a03');
  assert.equal(placed({ paragraph: 3, page: 12 }), '¶\u00a03 · p.\u00a012');
  assert.equal(placeSpoken({ paragraph: 3, page: null }), 'paragraph 3');
  assert.equal(placeSpoken({ paragraph: 3, page: 12 }), 'paragraph 3, page 12');
});

test('what became of all that was added is said in one line', () => {
  const none = { added: 0, replaced: 0, unchanged: 0, refused: 0 };
  assert.equal(tally({ ...none, added: 1 }), '1 added');
  assert.equal(tally({ added: 2, replaced: 1, unchanged: 3, refused: 1 }), '2 added, 1 replaced, 3 were there already and 1 not added');
  assert.equal(tally({ ...none, unchanged: 1 }), '1 was there already');
  assert.equal(tally(none), 'Nothing was added');
});

test('a refusal is told without settings, routes and commands', () => {
  const said = (detail, kind = 'invalid-input') => plainly({ kind, status: 422, detail, seconds: 0 });
  assert.equal(said("'a.pdf' holds no text: scan it with OCR"), "'a.pdf' holds no text: scan it with OCR");
  const details = [
    'the request has waited 10 seconds for its turn: try again later, or set PULLQUOTE_QUEUE_SECONDS higher',
    "'x' is not fetched, for this service fetches nothing: send the text or the file itself, or set PULLQUOTE_FETCH=true",
    "'b.docx' needs more than 1,000 bytes (or more than 2,000 bytes of memory, which PULLQUOTE_PARSER_BYTES sets): save it anew",
    "no article has the id 'a': list the articles with GET /v1/articles",
    "file is missing: send one, such as with curl -F file=@article.txt",
    "set PULLQUOTE_EMBEDDER to a folder",
    "run 'pullquote rebuild --library x'",
  ];
  for (const detail of details) {
    assert.doesNotMatch(said(detail), /PULLQUOTE|\/v1\/|curl|pullquote rebuild/, detail);
    assert.match(said(detail), /\p{L}{3}/u, detail);
  }
  assert.equal(said(details[1]), "'x' is not fetched, for this service fetches nothing: send the text or the file itself");
  assert.equal(said(details[0], 'overloaded'), 'The service is busy adding articles or answering others. Try again in a moment.');
});

test('a title that was cut out of a text ends where its sense does', () => {
  assert.equal(titled('A high-level Ukrainian delegation has arrived in the United States for critical…'), 'A high-level Ukrainian delegation has arrived in the United States');
  assert.equal(titled('Wait…'), 'Wait…');
  assert.equal(titled('A title that is whole, with a comma and more words to come'), 'A title that is whole, with a comma and more words to come');
  assert.equal(titled('  '), 'Untitled article');
});

test('the time that is left is told roughly', () => {
  assert.deepEqual([5, 70, 600, 7200].map(duration), ['less than a minute', 'about a minute', 'about 10 minutes', 'about 2 hours']);
});

test('nothing is certain, and one figure is one grade', () => {
  assert.deepEqual([percent(1), percent(0), percent(0.934)], ['99\u00a0%', '1\u00a0%', '93\u00a0%']);
  assert.deepEqual([0.95, 0.8, 0.5, 0.2].map(sureness), ['Likely right', 'Likely right', 'Possibly right', 'Uncertain']);
  for (let i = 0; i <= 1000; i += 1) assert.equal(grade(i / 1000), grade(Number.parseInt(percent(i / 1000), 10) / 100));
});

test('dates are written out, and what is none is left as it is', () => {
  assert.deepEqual([day('2026-01-17'), day('2026-99-99'), day('spring')], ['17 Jan 2026', '2026-99-99', 'spring']);
});

test('only addresses of the web are links', () => {
  assert.equal(webAddress('https://a.example'), 'https://a.example');
  for (const source of ['javascript:alert(1)', 'data:text/html,x', 'seeds/a.txt', null]) {
    assert.equal(webAddress(source), null);
  }
});

test('an exported conversation marks the quote and shows Markdown’s own signs as text', () => {
  const citation = {
    title: '*Ferry* [news](x)', source: null, published: '2026-01-17', revision: 'sha256:1', paragraph: 3, page: 12,
    start: 13, end: 17, quote: 'noon', sentence: { start: 2, end: 18, text: '🦊 leaves <noon.' }, url: 'https://f.example/#:~:text=noon',
  };
  const answer = { answered: true, answer: 'noon', confidence: 0.93, citations: [{ ...citation, start: 12, end: 16 }], reason: null };
  const turns = [
    { question: '# When\n`now`?', outcome: { kind: 'answer', answer } },
    { question: 'Why?', outcome: { kind: 'stopped' } },
  ];
  assert.equal(
    toMarkdown([{ title: 'A_B', turns }]),
    '# A\\_B\n\n## \\# When \\`now\\`?\n\n> 🦊 leaves \\<**noon**.\n\nLikely right (93\u00a0%).\n\n' +
      '1. *\\*Ferry\\* \\[news\\](x)*, ¶\u00a03 · p.\u00a012, 17 Jan 2026. <https://f.example/#:~:text=noon> (characters 12–16 of sha256:1)\n\n' +
      '## Why?\n\n*No answer was received.*\n',
  );
});

test('an exported file has a name that every file system takes', () => {
  assert.equal(fileName('When did <the> talks: begin?', 'md'), 'When-did-the-talks-begin.md');
  assert.equal(fileName('???', 'md'), 'conversation.md');
});
