package io.github.httppool.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Closes the pools after the context has destroyed its beans, because any bean may make
 * calls until then. Bean dependencies do not show which beans make calls, because a
 * client may come from a builder, a provider or a method argument. Spring destroys beans
 * in the reverse order of their registration as disposable beans, so this bean registers
 * before all others.
 */
final class HttpPoolShutdown implements BeanFactoryPostProcessor, PriorityOrdered {

	private static final String PLACE = HttpPoolShutdown.class.getName();

	private final List<SharedPools> pools = new CopyOnWriteArrayList<>();

	/** The sources of further calls: the beans, and an embedded servlet container. */
	private final AtomicInteger callers = new AtomicInteger(1);

	private volatile boolean shutDown;

	/**
	 * {@inheritDoc}
	 * <p>
	 * Keeps the position that {@link PlaceRegistrar} has reserved. After ahead-of-time
	 * processing, there is no such registrar, and this is the earliest possible moment.
	 */
	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		takeLastPlace((DefaultSingletonBeanRegistry) beanFactory, this::callerEnded);
	}

	private static void takeLastPlace(DefaultSingletonBeanRegistry beans, DisposableBean end) {
		beans.registerDisposableBean(PLACE, end);
	}

	/**
	 * Close pools with the context, including those that a bean opens during its
	 * destruction.
	 */
	void add(SharedPools pools) {
		this.pools.add(pools);
		if (this.shutDown) {
			pools.shutDown();
		}
	}

	void callerBegan() {
		this.callers.incrementAndGet();
	}

	void callerEnded() {
		if (this.callers.decrementAndGet() == 0) {
			this.shutDown = true;
			this.pools.forEach(SharedPools::shutDown);
			LinkedRecords.release();
		}
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	/**
	 * Reserves the position while Spring reads bean definitions. Post-processors such as
	 * Spring Cloud's refresh scope are registered later, and Spring destroys them as
	 * well.
	 */
	static final class PlaceRegistrar implements ImportBeanDefinitionRegistrar {

		@Override
		public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
			if (registry instanceof DefaultSingletonBeanRegistry beans) {
				takeLastPlace(beans, () -> {
				});
			}
		}

	}

}
