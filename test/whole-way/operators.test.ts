/* What operators do on the whole product: each file holds tests, and they share one stack, in this order. */
import './operators/dashboard.ts'
import './operators/operator.ts'
import './operators/labels.ts'
