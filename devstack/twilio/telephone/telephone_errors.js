// Errors of Twilio's Voice SDK: those that the signalling can lead to.

const ERRORS = {
  20101: ['AccessTokenInvalid', 'Twilio was unable to validate your Access Token'],
  20104: ['AccessTokenExpired', 'The Access Token has expired'],
  20151: ['AuthenticationFailed', 'The Authentication with the provided JWT failed'],
  31000: ['UnknownError', 'An unknown error has occurred'],
  31001: ['ApplicationNotFoundError', 'Application not found'],
  31002: ['ConnectionDeclinedError', 'Connection declined'],
  31005: ['ConnectionError', 'A connection error occurred'],
  31009: ['TransportError', 'No transport available to send or receive messages'],
  31100: ['MalformedRequestError', 'The request had malformed syntax'],
  31202: ['AccessTokenSignatureValidationFailed', 'The signature of the Access Token could not be validated'],
  31207: ['JWTTokenExpirationTooLongError', 'The expiration of the token is too far in the future'],
  31209: ['ReconnectAttemptError', 'The attempt to reconnect was refused'],
  53001: ['ConnectionDisconnected', 'The signaling connection was disconnected'],
}
// The SDK hides these behind a general one, unless enableImprovedSignalingErrorPrecision.
const PRECISE = new Set([31001, 31002, 31202, 31207])
const RENAMED = { 31201: 20151, 31204: 20101, 31205: 20104 }

export class TwilioError extends Error {
  constructor(code, message, originalError) {
    const [name, explanation] = ERRORS[code]
    super(`${name} (${code}): ${message ?? explanation}`)
    Object.assign(this, { name, code, explanation, description: explanation, causes: [], solutions: [], originalError })
  }
}

/** The error that the SDK makes of what the signalling says; what it hides is `general`. */
export function named(error, { enableImprovedSignalingErrorPrecision: precise }, general) {
  const hidden = !(error.code in ERRORS) || (PRECISE.has(error.code) && !precise)
  return new TwilioError(RENAMED[error.code] ?? (hidden ? general : error.code), undefined, error)
}

export class InvalidStateError extends Error { name = 'InvalidStateError' }
export class InvalidArgumentError extends Error { name = 'InvalidArgumentError' }
