/**
 * Tests in separate JVMs: ahead-of-time processing, class data sharing, JVM settings,
 * restarts, undeployment and exit.
 */
package io.github.httppool.jvm;
