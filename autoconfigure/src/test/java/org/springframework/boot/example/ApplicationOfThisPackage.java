package org.springframework.boot.example;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An application whose package looks like one of Spring Boot.
 */
@Configuration(proxyBeanMethods = false)
public class ApplicationOfThisPackage {

	@Bean
	ClientHttpRequestFactoryBuilder<?> applicationBuilder() {
		return ClientHttpRequestFactoryBuilder.jdk();
	}

}
