/**
 * Server-sent events out of a stream of text.
 */

/** @typedef {{event: string, data: string}} ServerEvent */

/**
 * The events that are complete in a buffer, and the rest, to be put before what comes next.
 * @param {string} buffer
 * @returns {{events: ServerEvent[], rest: string}}
 */
export function takeEvents(buffer) {
  const blocks = buffer.split(/\r\n\r\n|\n\n|\r\r/);
  const rest = blocks.pop() ?? '';
  return { events: blocks.map(eventOf).filter((event) => event.data !== ''), rest };
}

/**
 * @param {string} block
 * @returns {ServerEvent}
 */
function eventOf(block) {
  let event = 'message';
  const data = [];
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field === 'event') event = value ?? '';
    if (field === 'data') data.push(value ?? '');
  }
  return { event, data: data.join('\n') };
}
