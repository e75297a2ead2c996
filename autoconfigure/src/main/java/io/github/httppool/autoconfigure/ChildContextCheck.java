package io.github.httppool.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.github.httppool.autoconfigure.properties.ConfiguredPool;
import io.github.httppool.autoconfigure.properties.ConfiguredPools;
import io.github.httppool.findings.MessageLines;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;

/**
 * Warns about pools that only a child context configures. Runs before an injection of one
 * of their clients can fail the startup.
 */
final class ChildContextCheck implements BeanFactoryPostProcessor {

	private static final Logger log = LoggerFactory.getLogger(ChildContextCheck.class);

	private final Environment environment;

	ChildContextCheck(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
		List<ConfiguredPool> without = new ArrayList<>(ConfiguredPools.of(this.environment));
		without.removeAll(beans.getBeanProvider(SharedPools.class).getObject().configured());
		for (ConfiguredPool pool : without) {
			log.warn(MessageLines
				.of(("'%s' is configured differently in a child context and in its parent. The value of "
						+ "the child has no effect, because its clients use the pools of the parent. Configure the pool in "
						+ "the environment of the parent")
					.formatted(pool.prefix())));
		}
	}

}
