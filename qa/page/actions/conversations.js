/**
 * Conversations, and what is taken from them.
 */

/** @import {Actions, Turn} from '../types.js' */
/** @import {Store} from '../store.js' */
import * as effects from '../effects.js';
import { chat, hashOf } from '../route.js';
import { closed } from '../shared.js';
import * as the from '../state.js';
import { t } from '../text.js';
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
      actions.notice(t('This browser keeps no more conversations: delete some, or export this one.'));
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
    actions.notice(t('Conversation deleted.'));
  }

  /** @param {string | null} id @param {string} form */
  async function save(id, form) {
    actions.show(null);
    const { conversations } = store.get();
    const chosen = conversations.filter((each) => id === null || each.id === id);
    const name = chosen.length === 1 && chosen[0] ? chosen[0].title : t('Conversations');
    try {
      const exports = await effects.loaded(import('../later/exports.js'));
      if (form === 'docx') effects.download(exports.fileName(name, 'docx'), await effects.docx(exports.toDocument(chosen)));
      else {
        const { extension, type, written } = exports.FORMS[form] ?? exports.MARKDOWN;
        effects.download(exports.fileName(name, extension), written(chosen), type);
      }
      actions.notice(t('Exported.'));
    } catch (error) {
      actions.notice(actions.failed(error).detail);
    }
  }

  /** @param {Turn} turn */
  async function saveProof({ question, asked, outcome }) {
    if (outcome?.kind !== 'answer') return;
    const exports = await effects.loaded(import('../later/exports.js'));
    effects.download(exports.fileName(question, 'json'), exports.toProof(question, outcome.answer, asked), 'application/json');
    actions.notice(t('Saved. “Check a citation” in the library, or “pullquote verify”, tells later whether it still holds.'));
  }

  /** @param {Turn} turn */
  async function copyAnswer({ outcome }) {
    if (outcome?.kind !== 'answer') return;
    const copied = await effects.copy(quotation(outcome.answer));
    actions.notice(copied ? t('Answer copied with its citations.') : t('The browser does not allow copying.'));
  }

  /** @param {string} text */
  async function copy(text) {
    const copied = await effects.copy(text);
    actions.notice(copied ? t('Copied with the citation.') : t('The browser does not allow copying.'));
  }

  /** A link that holds the answer, or, without one, asks the question. @param {Turn} turn */
  async function share({ question, outcome }) {
    const answer = outcome?.kind === 'answer' ? outcome.answer : null;
    const asked = answer?.understood_as || question;
    const route = answer?.answered
      ? /** @type {const} */ ({ view: 'shared', packed: await effects.packed(closed(asked, answer)) })
      : /** @type {const} */ ({ view: 'ask', question: asked });
    const address = effects.addressOf(hashOf(route));
    const said = answer?.answered ? t('Link copied: it shows this answer and checks its citations.') : t('Link copied: it asks this question again.');
    actions.notice((await effects.copy(address)) ? said : address);
  }

  /** @param {string} find */
  function find(find) {
    store.change((state) => ({ ...state, find }));
  }

  return { keep, rename, remove, save, saveProof, copyAnswer, copy, share, find };
}
