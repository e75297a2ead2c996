package io.github.httppool.benchmarks.clients;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Response;

/**
 * Calls of OkHttp that wait for a slot of its dispatcher: OkHttp limits asynchronous
 * calls only. Bodies are read before the slot is free, so that the limit holds for
 * connections as well.
 */
final class LimitedOkHttp extends OkHttp {

	LimitedOkHttp(ClientSpec spec) {
		super(spec);
		dispatcher().setMaxRequests(spec.maxConnections());
		dispatcher().setMaxRequestsPerHost(spec.maxConnections());
	}

	@Override
	<T> T execute(Call call, Reading<T> reading) throws IOException {
		CompletableFuture<T> future = new CompletableFuture<>();
		call.enqueue(new Callback() {

			@Override
			public void onFailure(Call call, IOException ex) {
				future.completeExceptionally(ex);
			}

			@Override
			public void onResponse(Call call, Response response) {
				try (response) {
					future.complete(reading.read(response));
				}
				catch (IOException | RuntimeException ex) {
					future.completeExceptionally(ex);
				}
			}

		});
		try {
			return future.get();
		}
		catch (ExecutionException ex) {
			throw new IOException(ex);
		}
		catch (InterruptedException ex) {
			throw new InterruptedIOException();
		}
	}

}
