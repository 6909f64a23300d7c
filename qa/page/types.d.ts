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

export interface Answer {
  question: string;
  understood_as?: string | null;
  answered: boolean;
  answer: string;
  confidence: number;
  reason: string | null;
  citations: Citation[];
  alternatives: Alternative[];
  passages: Passage[];
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
  status: string;
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
  /** Null until it is known. */
  outcome: Outcome | null;
}

export interface Conversation {
  id: string;
  title: string;
  /** Whether the person gave the title. */
  named: boolean;
  updated: number;
  turns: Turn[];
}

/** How far a question of this tab has come. */
export interface Progress {
  stage: 'looking' | 'reading';
  passages: Passage[];
  slow: boolean;
}

export type Route =
  | { view: 'chat'; conversation: string | null; turn: string | null; place: string | null }
  | { view: 'library'; article: string | null }
  | { view: 'ask'; question: string };

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

export interface Intake {
  id: string;
  name: string;
  status: 'waiting' | 'sending' | 'done' | 'refused';
  detail: string;
}

export type Dialog =
  | { kind: 'keys' }
  | { kind: 'rename'; id: string }
  | { kind: 'delete'; id: string }
  | { kind: 'remove'; id: string }
  | { kind: 'key'; detail: string };

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
    detail: string;
  };
  suggestions: string[];
  intakes: Intake[];
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
  /** A short message, said aloud and shown for a while. */
  notice: string;
  /** What a screen reader says about answers. */
  said: string;
}

/** What a person can do, and what the page does for them. */
export interface Actions {
  ask(question: string): void;
  askAsWritten(conversation: string, question: string): void;
  askAgain(conversation: string, turn: string): void;
  stop(turn: string): void;

  /** Puts a conversation into the browser's storage. */
  keep(conversation: string): void;
  rename(conversation: string, title: string): void;
  remove(conversation: string): void;
  exportMarkdown(conversation: string): void;
  copyAnswer(turn: Turn): Promise<void>;
  share(turn: Turn): Promise<void>;
  find(words: string): void;

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

  readLibrary(): Promise<void>;
  readMore(): Promise<void>;
  findArticle(words: string): Promise<void>;
  /** Whether all of them were taken. */
  addFiles(files: File[]): Promise<boolean>;
  addText(fields: ArticleText): Promise<boolean>;
  /** Has the service fetch a page or feed. */
  addAddress(url: string): Promise<boolean>;
  removeArticle(id: string): Promise<void>;

  /** What failed, in words; when the connection is lost, it is looked for again. */
  failed(error: unknown): Failure;
  /** Waits until the service is ready, saying so. */
  reconnect(connection: 'lost' | 'starting'): Promise<void>;

  /** The key that the person gives. */
  unlock(key: string): void;
  /** The person gives none. */
  withoutKey(): void;
  forgetKey(): void;

  notice(text: string): void;
  show(dialog: Dialog | null): void;
  setTheme(theme: Theme): void;
  setShortcuts(on: boolean): void;
  setMenu(open: boolean): void;
}
