/**
 * Conversations, and what is taken from them.
 */

/** @import {Actions, Turn} from '../types.js' */
/** @import {Store} from '../store.js' */
import * as effects from '../effects.js';
import { fileName, toMarkdown } from '../markdown.js';
import { chat, hashOf } from '../route.js';
import * as the from '../state.js';
import { quotation } from '../words.js';

/**
 * @param {Store} store
 * @param {Actions} actions
 */
export function createConversations(store, actions) {
  /** @param {string} id */
  function keep(id) {
    const mine = the.conversationOf(store.get(), id);
    if (!mine) return;
    const kept = effects.keptConversation(id);
    const both = kept ? the.merged(mine, kept) : mine;
    if (!effects.keep(both)) {
      actions.notice('This browser keeps no more conversations: delete some, or export this one.');
    }
  }

  /** @param {string} id @param {string} title */
  function rename(id, title) {
    store.change((state) => the.withDialog(the.renamed(state, id, title, effects.now()), null));
    keep(id);
  }

  /** @param {string} id */
  function remove(id) {
    const conversation = the.conversationOf(store.get(), id);
    conversation?.turns.forEach((turn) => actions.stop(turn.id));
    effects.forget(id);
    store.change((state) => the.deleted(the.withDialog(state, null), id));
    actions.replace(chat(null));
    actions.notice('Conversation deleted.');
  }

  /** @param {string} id */
  function exportMarkdown(id) {
    const conversation = the.conversationOf(store.get(), id);
    if (!conversation) return;
    effects.download(fileName(conversation.title), toMarkdown(conversation));
    actions.notice('Conversation exported as Markdown.');
  }

  /** @param {Turn} turn */
  async function copyAnswer({ outcome }) {
    if (outcome?.kind !== 'answer') return;
    const copied = await effects.copy(quotation(outcome.answer));
    actions.notice(copied ? 'Answer copied with its citations.' : 'The browser does not allow copying.');
  }

  /** @param {Turn} turn */
  async function share({ question, outcome }) {
    const understood = outcome?.kind === 'answer' ? outcome.answer.understood_as : null;
    const address = effects.addressOf(hashOf({ view: 'ask', question: understood || question }));
    const copied = await effects.copy(address);
    actions.notice(copied ? 'Link copied: it asks this question again.' : address);
  }

  /** @param {string} find */
  function find(find) {
    store.change((state) => ({ ...state, find }));
  }

  return { keep, rename, remove, exportMarkdown, copyAnswer, share, find };
}
