/**
 * Why a message gets a friendly refusal instead of an answer. A refusal is our answer to bad input, so it completes the
 * workflow with the outcome `refused`; it is never retried.
 */
export const refusalCodes = [
  /** Nothing to look at: no picture in the message. */
  'no-picture',
  /** The file is there, but is no picture (magic bytes), or one of a format that we do not decode (SVG, TIFF, HEIC). */
  'not-a-picture',
  /** The picture cannot be decoded: truncated, malformed, or it took longer than the decoder may. */
  'unreadable',
  /** More pixels than the decoder may unpack. */
  'too-many-pixels',
  /** More bytes than the downloader may fetch. */
  'too-large',
  /** The platform sent a web page instead of the file: the bot may not read it. */
  'login-page',
  /** The address is private, loopback, not https, or of a host that this bot does not fetch from. */
  'forbidden-address',
  /** The picture was there once and is no more. */
  'gone',
  /** No picture was found, so a form to send one was opened. */
  'form-opened',
  /** The correction is about an answer that is not ours, of another workspace, or gone. */
  'unknown-answer',
  /** Links are fetched from certain hosts only, or not at all. */
  'link-not-allowed',
  /** Not a refusal of anything: the person left, as they wished. */
  'left',
  /** No text to look at. */
  'no-text',
  /** This bot has answered so often in this conversation that it may be talking to another bot: said once an hour. */
  'enough-said',
  /** Not refusals of anything: the person wants no answers any more, or wants them again, and is told once that it is so. */
  'stopped',
  'started',
] as const
export type RefusalCode = (typeof refusalCodes)[number]

/** Why a message ends as `refused` without a word to its author. */
export const silenceReasons = [
  /** They wrote that they want no answers. */
  'opted-out',
  /** This bot has answered so often in this conversation that it said, less than an hour ago, that it is silent there. */
  'enough-said',
] as const
export type SilenceReason = (typeof silenceReasons)[number]
