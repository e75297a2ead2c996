package io.github.httppool.autoconfigure;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.ServletListenerRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/**
 * Keeps the pools open until an embedded servlet container has stopped. Spring Boot
 * destroys the container after all beans, and with it its sessions, session-scoped beans,
 * filters and listeners. The container notifies the first listener last.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({ ServletContextListener.class, ServletListenerRegistrationBean.class })
class ServletShutdownConfiguration {

	@Bean(name = BeanNames.PREFIX + "servletContextListener", autowireCandidate = false)
	static ServletListenerRegistrationBean<ServletContextListener> httpPoolServletContextListener(
			HttpPoolShutdown shutdown) {
		ServletListenerRegistrationBean<ServletContextListener> listener = new ServletListenerRegistrationBean<>(
				new Listener(shutdown));
		listener.setOrder(Ordered.HIGHEST_PRECEDENCE);
		return listener;
	}

	private record Listener(HttpPoolShutdown shutdown) implements ServletContextListener {

		@Override
		public void contextInitialized(ServletContextEvent event) {
			this.shutdown.callerBegan();
		}

		@Override
		public void contextDestroyed(ServletContextEvent event) {
			this.shutdown.callerEnded();
		}

	}

}
