package io.github.httppool.jvm;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/**
 * An application of Spring Boot 3. Everything that it uses is the same in Spring Boot 4,
 * with which it is compiled.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class SpringBoot3Application {

	public static void main(String[] args) {
		SpringApplication.run(SpringBoot3Application.class, args).close();
		System.out.println("Started with Spring Boot " + SpringBootVersion.getVersion());
	}

}
