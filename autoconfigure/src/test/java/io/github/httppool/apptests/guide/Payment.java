package io.github.httppool.apptests.guide;

/**
 * A payment as its service describes it.
 *
 * @param id the number of the payment
 * @param state what has become of it
 */
record Payment(int id, String state) {

}
