/* Conversations on the whole product as it is set up by default: each file holds tests, and they share one stack. */
import './conversations/privacy.ts'
import './conversations/answered-pictures.ts'
import './conversations/bad-input.ts'
