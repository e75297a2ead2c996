package io.github.httppool.sample.lab;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * Writes a picture with its most frequent colours, which makes screenshots a third as
 * large.
 */
final class IndexedPng {

	private static final int COLOURS = 40;

	private IndexedPng() {
	}

	static byte[] encode(BufferedImage picture) throws IOException {
		int[] palette = palette(picture);
		BufferedImage indexed = new BufferedImage(picture.getWidth(), picture.getHeight(),
				BufferedImage.TYPE_BYTE_INDEXED, colorModel(palette));
		Map<Integer, Integer> nearest = new HashMap<>();
		for (int y = 0; y < picture.getHeight(); y++) {
			for (int x = 0; x < picture.getWidth(); x++) {
				int index = nearest.computeIfAbsent(picture.getRGB(x, y), (colour) -> nearest(colour, palette));
				indexed.getRaster().setSample(x, y, 0, index);
			}
		}
		return write(indexed);
	}

	private static int[] palette(BufferedImage picture) {
		Map<Integer, Integer> counts = new HashMap<>();
		for (int y = 0; y < picture.getHeight(); y++) {
			for (int x = 0; x < picture.getWidth(); x++) {
				counts.merge(picture.getRGB(x, y), 1, Integer::sum);
			}
		}
		List<Integer> colours = counts.entrySet()
			.stream()
			.sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
			.map(Map.Entry::getKey)
			.limit(COLOURS)
			.toList();
		return colours.stream().mapToInt(Integer::intValue).toArray();
	}

	private static IndexColorModel colorModel(int[] palette) {
		return new IndexColorModel(8, palette.length, palette, 0, false, -1, DataBuffer.TYPE_BYTE);
	}

	private static int nearest(int colour, int[] palette) {
		int best = 0;
		int distance = Integer.MAX_VALUE;
		for (int i = 0; i < palette.length; i++) {
			int red = (colour >> 16 & 0xff) - (palette[i] >> 16 & 0xff);
			int green = (colour >> 8 & 0xff) - (palette[i] >> 8 & 0xff);
			int blue = (colour & 0xff) - (palette[i] & 0xff);
			int other = red * red + green * green + blue * blue;
			if (other < distance) {
				distance = other;
				best = i;
			}
		}
		return best;
	}

	private static byte[] write(BufferedImage picture) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
		try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
			writer.setOutput(out);
			ImageWriteParam parameters = writer.getDefaultWriteParam();
			parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
			parameters.setCompressionQuality(0);
			writer.write(null, new IIOImage(picture, null, null), parameters);
		}
		finally {
			writer.dispose();
		}
		return bytes.toByteArray();
	}

}
