/**
 * Lists that are updated again and again: what stays keeps its element, and so its focus.
 */

/**
 * @template Item
 * @typedef {{element: Element, update: (item: Item) => void}} View
 */

/**
 * @template Item
 * @param {Element} parent
 * @param {(item: Item) => string} keyOf
 * @param {(item: Item) => View<Item>} create
 * @returns {(items: Item[]) => void}
 */
export function keyed(parent, keyOf, create) {
  /** @type {Map<string, View<Item>>} */
  let views = new Map();
  return (items) => {
    const next = new Map(items.map((item) => [keyOf(item), views.get(keyOf(item)) ?? create(item)]));
    for (const [key, view] of views) if (!next.has(key)) view.element.remove();
    views = next;
    let before = parent.firstElementChild;
    for (const item of items) {
      const view = /** @type {View<Item>} */ (next.get(keyOf(item)));
      view.update(item);
      if (view.element === before) before = before.nextElementSibling;
      else parent.insertBefore(view.element, before);
    }
  };
}
