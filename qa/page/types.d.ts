/* The service's values, as OpenAPI documents them, and the page's own. Offsets are code points. */

export interface Place {
  start: number;
  end: number;
}

export interface Citation extends Place {
  article_id: string;
  title: string;
  source: string | null;
  published: string | null;
  revision: string;
  paragraph: number;
  /** Of a PDF. */
  page?: number | null;
  heading: string | null;
  quote: string;
  sentence: Place & { text: string };
  url: string | null;
}

export interface Alternative {
  answer: string;
  confidence: number;
  citations: Citation[];
}

export interface Passage extends Place {
  article_id: string;
  title: string;
  paragraph: number;
  heading: string | null;
  text: string;
  score: number;
}

/** A part of an answer: one item of a list, one question of several, one sentence of an overview. */
export interface Quote {
  /** Empty when this part has no answer. */
  text: string;
  /** The part's own question, when several were asked in one. */
  question: string | null;
  confidence: number;
  reason?: string | null;
  citations: Citation[];
}

/** One of the values that articles disagree about. */
export interface Rival {
  text: string;
  published: string | null;
  citations: Citation[];
}

export interface Answer {
  question: string;
  understood_as?: string | null;
  /** From version 2 of the answer on, as the next three are. */
  kind?: 'quote' | 'list' | 'parts' | 'overview' | 'help' | 'none';
  quotes?: Quote[];
  /** The latest first. */
  disagreement?: Rival[] | null;
  /** How many independent articles say the same. */
  sources?: number;
  answered: boolean;
  answer: string;
  confidence: number;
  reason: string | null;
  citations: Citation[];
  alternatives: Alternative[];
  passages: Passage[];
  library_revision?: string;
}

/** What is asked; every condition that is not empty must hold. */
export interface Scope {
  articles: { id: string; title: string }[];
  tags: string[];
  /** Days, as in "2026-01-17", or empty. */
  from: string;
  to: string;
}

/** What the service says of itself. */
export interface About {
  version: string;
  articles: number;
  paragraphs: number;
  library_revision: string;
  models: { embedder: string; reader: string };
  /** Whether it fetches pages that it is given the address of. */
  fetches: boolean;
  tags: string[];
}

export interface ArticleSummary {
  id: string;
  title: string;
  source: string | null;
  published: string | null;
  author?: string | null;
  tags?: string[];
  revision: string;
  /** Code points. */
  characters: number;
}

export interface Listing {
  articles: ArticleSummary[];
  /** How many match, shown or not. */
  total: number;
}

export interface Paragraph extends Place {
  paragraph: number;
  heading: string | null;
  sentences?: Place[];
}

export interface Article extends ArticleSummary {
  text: string;
  paragraphs: Paragraph[];
  headings: (Place & { level: number })[];
}

export interface ArticleText {
  text: string;
  title?: string;
  source?: string;
  published?: string;
}

/** What became of one article of those that were sent. */
export interface Taken {
  id: string;
  title: string;
  status: 'added' | 'replaced' | 'unchanged';
}

/** An article of a file that was not taken in. */
export interface Refused {
  name: string;
  reason: string;
}

export interface EarlierTurn {
  question: string;
  answer: string;
}

/** What the service says about an old citation: where its words are now. */
export interface Verdict {
  status: 'valid' | 'moved' | 'gone';
  start: number | null;
  end: number | null;
  paragraph: number | null;
}

/**
 * One way a request can fail, in words for the person. `lost`: there was no connection;
 * `starting`: the service was not ready yet.
 */
export interface Failure {
  detail: string;
  lost: boolean;
  starting: boolean;
  /** Seconds after which it may work, when the service is only busy. */
  busy: number | null;
}

/** A refusal of the service (RFC 9457). */
export interface Problem {
  /** The last part of its type. */
  kind: string;
  status: number;
  detail: string;
  /** After which to try again, or 0. */
  seconds: number;
}

export type Outcome =
  | { kind: 'answer'; answer: Answer }
  | { kind: 'failed'; detail: string }
  | { kind: 'stopped' };

export interface Turn {
  id: string;
  question: string;
  /** Milliseconds since 1970. */
  asked: number;
  /** Asked as written, without what came before. */
  written: boolean;
  /** What was asked when it was not the whole library. */
  scope?: Scope | null;
  /** What the person thinks of the answer. */
  rating?: Rating | null;
  /** Whether the answer came with a link that somebody shared, and what became of its citations. */
  shared?: Verdict[] | null;
  /** Null until it is known. */
  outcome: Outcome | null;
}

export interface Rating {
  good: boolean;
  reason: string;
}

export interface Conversation {
  id: string;
  title: string;
  /** Whether the person gave the title. */
  named: boolean;
  updated: number;
  turns: Turn[];
  /** The ids of turns that were deleted. */
  removed?: string[];
}

/** How far a question of this tab has come. */
export interface Progress {
  /** `queued`: after the question before it; `busy`: the service has others to serve first. */
  stage: 'queued' | 'busy' | 'looking' | 'reading';
  passages: Passage[];
  slow: boolean;
}

export type Route =
  | { view: 'chat'; conversation: string | null; turn: string | null; place: string | null }
  | { view: 'library'; article: string | null }
  | { view: 'ask'; question: string }
  /** An answer in a link. */
  | { view: 'shared'; packed: string };

/** Something in an article that the panel can show. */
export interface Sight {
  key: string;
  kind: 'citation' | 'alternative' | 'passage';
  article_id: string;
  title: string;
  paragraph: number;
  page: number | null;
  /** What is marked: the quote, or nothing in a passage. */
  mark: Place | null;
  /** The sentence around the quote, or the whole passage. */
  context: Place;
  quote: string;
  revision: string | null;
  url: string | null;
  citation: Citation | null;
}

export interface Reading {
  id: string;
  status: 'loading' | 'ready' | 'failed';
  article: Article | null;
  detail: string;
}

/** A file, text or address on its way into the library. */
export interface Intake {
  id: string;
  name: string;
  status: 'waiting' | 'sending' | 'done' | 'refused';
  taken: Taken[];
  refused: Refused[];
}

export type Dialog =
  | { kind: 'keys' }
  | { kind: 'rename'; id: string }
  | { kind: 'delete'; id: string }
  | { kind: 'about' }
  | { kind: 'scope' }
  | { kind: 'export'; id: string | null }
  | { kind: 'tags'; id: string }
  | { kind: 'rate'; conversation: string; turn: string }
  | { kind: 'key'; detail: string };

/** A short message; some can be undone. */
export interface Notice {
  text: string;
  undo: boolean;
}

export type Sort = 'title' | 'published';

export type Theme = 'system' | 'light' | 'dark';

export interface State {
  route: Route;
  conversations: Conversation[];
  find: string;
  /** By the turn's id. */
  progress: Readonly<Record<string, Progress>>;
  library: Listing & {
    status: 'loading' | 'ready' | 'failed';
    /** How many articles there are, whatever is looked for. */
    size: number;
    /** What is looked for in titles and sources. */
    find: string;
    sort: Sort;
    detail: string;
  };
  suggestions: string[];
  about: About | null;
  /** What the next question is put to. */
  scope: Scope;
  /** The question whose words are being changed. */
  editing: string | null;
  intakes: Intake[];
  /** Milliseconds since 1970 when the first of these was sent. */
  intakesBegun: number;
  /** The names of files that were not sent when the page was left. */
  missing: string[];
  /** Questions to ask of the article that is open or was added last. */
  articleSuggestions: { id: string; questions: string[] } | null;
  /** The key sentences of the article that is open. */
  overview: { id: string; quotes: Quote[]; detail: string } | null;
  /** Articles that are about to be removed, until that can no longer be undone. */
  leaving: string[];
  /** Articles that are chosen in the list. */
  chosen: string[];
  reading: Reading | null;
  /** The verdict on the citation that is looked at, when its article has changed. */
  verdict: Verdict | null;
  /** `starting`: it answers, but is not ready yet. */
  connection: 'up' | 'lost' | 'starting';
  theme: Theme;
  shortcuts: boolean;
  /** Whether this browser keeps an API key. */
  hasKey: boolean;
  menu: boolean;
  dialog: Dialog | null;
  /** Said aloud and shown for a while. */
  notice: Notice | null;
  /** What a screen reader says about answers. */
  said: string;
}

/** What a person can do, and what the page does for them. */
export interface Actions {
  ask(question: string): void;
  /** Of one article alone. */
  askArticle(article: { id: string; title: string }, question: string): void;
  askAsWritten(conversation: string, question: string): void;
  askAgain(conversation: string, turn: string): void;
  stop(turn: string): void;
  edit(turn: string | null): void;
  /** Asks a question anew, in other words. */
  reword(conversation: string, turn: string, question: string): void;
  removeTurn(conversation: string, turn: string): void;
  rate(conversation: string, turn: string, rating: Rating | null): void;
  setScope(scope: Scope): void;

  /** Puts a conversation into the browser's storage. */
  keep(conversation: string): void;
  rename(conversation: string, title: string): void;
  remove(conversation: string): void;
  /** One conversation, or all with null. */
  save(conversation: string | null, form: string): Promise<void>;
  saveProof(turn: Turn): Promise<void>;
  copyAnswer(turn: Turn): Promise<void>;
  copy(text: string): Promise<void>;
  share(turn: Turn): Promise<void>;
  find(words: string): void;
  print(what: 'conversation' | 'article'): void;

  /** Goes to a place so that Back leads here. */
  open(route: Route): void;
  /** Goes to a place instead of this one. */
  replace(route: Route): void;
  /** Shows the place where the address is already. */
  enter(route: Route): void;
  /** The same, after the address was changed by a link or by Back. */
  arrive(route: Route): void;
  closePanel(): void;
  readArticle(): Promise<void>;
  /** Opens an answer that came in a link. */
  openShared(packed: string): Promise<void>;

  readLibrary(): Promise<void>;
  readMore(): Promise<void>;
  findArticle(words: string): Promise<void>;
  sort(by: Sort): Promise<void>;
  /** What is dropped or chosen: files, and what folders hold. */
  addFiles(files: Chosen[]): Promise<boolean>;
  addText(fields: ArticleText): Promise<boolean>;
  /** Has the service fetch a page or feed. */
  addAddress(url: string): Promise<boolean>;
  forgetIntakes(): void;
  forgetMissing(): void;
  choose(ids: string[]): void;
  /** Removes articles after a while in which that can be undone. */
  removeArticles(ids: string[]): Promise<void>;
  finishRemoving(): Promise<void>;
  setTags(id: string, tags: string[]): Promise<void>;
  suggestFor(id: string): Promise<void>;
  /** Has the main points of an article quoted. */
  readOverview(id: string): Promise<void>;

  /** What failed, in words; when the connection is lost, it is looked for again. */
  failed(error: unknown): Failure;
  /** Waits until the service is ready, saying so. */
  reconnect(connection: 'lost' | 'starting'): Promise<void>;

  /** The key that the person gives. */
  unlock(key: string): void;
  /** The person gives none. */
  withoutKey(): void;
  forgetKey(): void;

  notice(text: string, undo?: (() => void) | null): void;
  undo(): void;
  dismiss(): void;
  show(dialog: Dialog | null): void;
  setTheme(theme: Theme): void;
  setLanguage(language: 'en' | 'de'): void;
  setShortcuts(on: boolean): void;
  setMenu(open: boolean): void;
}

/** A file, and where it lay in the folder that was chosen. */
export interface Chosen {
  file: File;
  path: string;
}
